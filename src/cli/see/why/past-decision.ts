import { policyReasons, reasons, stopReasons } from '../../../rules/protocol.ts';
import { isSessionId } from '../../../rules/session-id.ts';
import type { HistoryEvent } from '../history/event.ts';
import type { CallReason } from './causes.ts';

/** What was decided, why, and what to do now. */
export interface PastDecision {
  readonly answer: string;
  readonly cause: string;
  /** As an argument vector; null where there is nothing to do. */
  readonly command: readonly string[] | null;
}

type Words = (event: HistoryEvent) => readonly [answer: string, cause: string];

const runOf = ({ from }: HistoryEvent): string => `the run of ${from ?? 'another session'}`;
const target = ({ to }: HistoryEvent): string => to ?? 'the current session';

const happened: Readonly<Record<string, Words>> = {
  resumed: (event) => [
    `Resumed: ${runOf(event)} moved to ${target(event)}.`,
    'It was the only live run of its conversation (rule 6).',
  ],
  adopted: (event) => [`Adopted: ${runOf(event)} moved to ${target(event)}.`, 'Somebody asked for it, by adopt.'],
  given_back: (event) => [`Given back: ${runOf(event)} moved to ${target(event)}.`, 'Somebody asked for it, by undo.'],
  taken_back: (event) => [
    `Nothing moved: the hand-over from ${event.from} to ${target(event)} was taken back.`,
    'The call failed, or was stopped, between its two writes (rule 8).',
  ],
  given_up: (event) => [
    `Nothing moved: the hand-over from ${event.from} to ${target(event)} was given up.`,
    'The call failed before its first write, or a run was started there meanwhile.',
  ],
  recovered: (event) => [
    `Repaired: the unfinished hand-over from ${event.from} to ${target(event)}, ${event.reason}.`,
    'An earlier call was stopped in the middle of it.',
  ],
  copy_ended: (event) => [
    `Ended: the run of ${event.from}, a copy of that of ${target(event)}.`,
    'A late writer had brought it back to life after the hand-over.',
  ],
  ended: (event) => [
    `Ended: ${runOf(event)}.`,
    event.reason === stopReasons.stale
      ? 'It had been idle for too long (policy staleAfter).'
      : `Its stop_reason is ${event.reason}.`,
  ],
  mended: (event) => [
    `Mended: ${event.reason} in ${event.from ?? 'the state directory'}.`,
    'Somebody asked for it, by doctor --fix.',
  ],
  failed: (event) => [`A call failed: ${event.reason}.`, event.message ?? 'The log does not say more.'],
  updated: (event) => [
    `Nothing moved: ${target(event)} had an active run of its own.`,
    'Its owner was brought up to date (rule 3).',
  ],
  up_to_date: (event) => [
    `Nothing moved: ${target(event)} had an active run of its own.`,
    'Its owner was up to date (rule 3).',
  ],
};

const refusals: Readonly<Record<Exclude<CallReason, typeof reasons.resumed | typeof reasons.currentActive>, Words>> = {
  [reasons.currentPresent]: (event) => [
    `Nothing moved: ${target(event)} had a run that was not active.`,
    'It is never overwritten (rule 4).',
  ],
  [reasons.currentUnreadable]: (event) => [
    `Nothing moved: the run of ${target(event)} could not be read.`,
    'It is left alone (rule 4).',
  ],
  [reasons.identityMissing]: () => [
    'Nothing moved: nobody said for which conversation.',
    'The payload named neither a session nor a thread (rule 5).',
  ],
  [reasons.noCandidate]: (event) => [
    'Nothing moved: no other session had a live run of this conversation.',
    `No prior run was live and of ${conversation(event)} (rule 6).`,
  ],
  [reasons.severalCandidates]: (event) => [
    'Nothing moved: several sessions had a live run of this conversation.',
    `More than one was of ${conversation(event)}, and only you know which goes on (rule 6).`,
  ],
  [reasons.sessionMissing]: () => [
    'Nothing moved: it was not known which session was current.',
    'No variable named a session that was there, and session.json none that ran (rule 2).',
  ],
  [reasons.lockTimeout]: () => ['Nothing moved: another call held the lock.', 'It was not given back for 5 s.'],
  [policyReasons.currentForeign]: (event) => [
    `Nothing moved: ${target(event)} had an active run of another conversation, which was left as it was.`,
    `It was not of ${conversation(event)} (policy refuseForeignOwner).`,
  ],
  [policyReasons.ownerLive]: () => [
    'Nothing moved: the owner of the run lived.',
    'Whoever worked on it was still there (policy requireDeadOwner).',
  ],
};

const conversation = ({ conversation: asked }: HistoryEvent): string =>
  `conversation ${asked?.sessionId || asked?.threadId || 'unknown'}`;

/**
 * Puts something that happened into the form of `why`.
 *
 * @param event - what happened
 * @param root - the state directory
 */
export function pastDecision(event: HistoryEvent, root: string): PastDecision {
  const { what, reason } = event;
  const words =
    lookUp(happened, what) ??
    (what === 'refused' ? lookUp(refusals, reason ?? '') : undefined) ??
    (() => [what === 'refused' ? `Nothing moved: ${reason}.` : `${what}: ${event.from}, ${event.to}.`, 'See --json.']);
  const [answer, cause] = words(event);
  return { answer, cause, command: commandAfter(event, root) };
}

/** What somebody does about it now; foreign text that could be taken for a switch names nothing. */
function commandAfter({ what, to, transferId, conversation: asked }: HistoryEvent, root: string): string[] | null {
  const session = isName(to) ? to : undefined;
  const place = ['--state-dir', root];
  switch (what) {
    case 'resumed':
    case 'adopted':
    case 'given_back':
      if (session === undefined || !isName(transferId)) return null;
      return ['forge-resume', 'undo', transferId, '--from', session, ...place];
    case 'refused': {
      const { sessionId = '', threadId = '' } = asked ?? {};
      return [
        ...['forge-resume', 'why', ...(session === undefined ? [] : [session]), ...place],
        ...(sessionId === '' ? [] : [`--session-id=${sessionId}`]),
        ...(threadId === '' ? [] : [`--thread-id=${threadId}`]),
      ];
    }
    case 'failed':
    case 'taken_back':
    case 'given_up':
      return ['forge-resume', 'doctor', ...place];
    default:
      return null;
  }
}

const isName = (text: string | null): text is string => isSessionId(text) && !text.startsWith('-');

const lookUp = (table: Readonly<Record<string, Words | undefined>>, name: string): Words | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
