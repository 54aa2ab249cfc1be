import { lstatSync } from 'node:fs';
import type { DryCall } from '../../../call/run-dry.ts';
import type { PayloadIdentity } from '../../../rules/ownership.ts';
import { policyReasons, type Reason, reasons } from '../../../rules/protocol.ts';
import { attempt } from '../../../store/file/files/io.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import type { Survey } from './survey.ts';

/** Another call that may resume, and what makes it so. */
export interface Counterfactual {
  /** What would have to be, in words that follow "It would resume if". */
  readonly when: string;
  readonly call: DryCall;
  /** What makes it so, as an argument vector; null where no command does. */
  readonly command: readonly string[] | null;
}

/** How many of a kind are tried. */
const most = 3;

/** What is known of the call that does not resume. */
export interface Failing {
  readonly reason: Reason | undefined;
  readonly current: string;
  readonly call: DryCall;
  /** The session that was named on the command line, which a command must name again. */
  readonly named: string | undefined;
  readonly candidates: readonly string[];
}

/**
 * Calls like one that does not resume, which may: with one thing changed. Whether they do, the machine decides.
 *
 * @param failing - the call
 * @param paths - the state directory's
 * @param seen - what stands in the sessions
 */
export function counterfactuals(failing: Failing, paths: StatePaths, seen: Survey): readonly Counterfactual[] {
  const { reason, current, call } = failing;
  switch (reason) {
    case reasons.identityMissing:
    case reasons.noCandidate:
      return [...withoutPolicies(failing, seen), ...otherConversations(failing, seen)];
    case reasons.sessionMissing:
      return newest(paths, seen.empty).map((id) => ({
        when: `${id} were the current session`,
        call: { ...call, env: { ...call.env, RCS_SESSION_ID: id } },
        command: [...reconcileIn(failing, id), ...idArguments(identityOf(call))],
      }));
    case reasons.currentPresent:
      return [
        {
          when: 'the user typed the next prompt: the run that left this session would come home',
          call: { ...call, comeHome: true },
          command: null,
        },
        moveAway(failing, paths),
      ];
    case policyReasons.ownerLive:
      return failing.candidates.slice(0, 1).map((id) => ({
        when: `the owner of ${id} were not known to live`,
        call: { ...call, requireDeadOwner: false },
        command: ['forge-resume', 'adopt', id, '--from-live', '--into', current, '--state-dir', call.stateDir],
      }));
    case reasons.currentUnreadable:
      return [moveAway(failing, paths)];
    case reasons.severalCandidates:
      return failing.candidates.slice(0, 1).map((id) => ({
        when: `${id} were the only one`,
        call: { ...call, without: failing.candidates.filter((other) => other !== id) },
        // Which one goes on, only a person knows: that says so.
        command: ['forge-resume', 'adopt', id, '--into', current, '--state-dir', call.stateDir],
      }));
    default:
      return [];
  }
}

/** Runs of this conversation that only a policy keeps from being taken. */
function withoutPolicies({ call, current }: Failing, { rows }: Survey): Counterfactual[] {
  const { allowedSessions, staleAfter } = call;
  if (allowedSessions === undefined && staleAfter === undefined) return [];
  const own = rows.filter(({ session, own }) => own === undefined && session !== current);
  return own.slice(0, most).map(({ session: id }) => ({
    when: `no policy kept the run of ${id} from being taken`,
    call: { ...call, staleAfter: undefined, allowedSessions: [id] },
    command: ['forge-resume', 'adopt', id, '--into', current, '--state-dir', call.stateDir],
  }));
}

function otherConversations(failing: Failing, seen: Survey): Counterfactual[] {
  const { call, current } = failing;
  return seen.live
    .filter(({ sessions }) => !sessions.includes(current))
    .slice(0, most)
    .map(({ identity, sessions }) => ({
      when: `it were called for conversation ${identity.sessionId || identity.threadId}, whose run is in ${sessions[0]}`,
      call: { ...call, payloadSessionId: identity.sessionId, payloadThreadId: identity.threadId },
      command: [...reconcileIn(failing, failing.named), ...idArguments(identity)],
    }));
}

function moveAway({ current, call }: Failing, paths: StatePaths): Counterfactual {
  const file = paths.run(current);
  return {
    when: `the file of ${current} were not there`,
    call: { ...call, without: [current] },
    command: ['mv', '--', file, `${file}.aside`],
  };
}

const identityOf = ({ payloadSessionId, payloadThreadId }: DryCall): PayloadIdentity => ({
  sessionId: String(payloadSessionId ?? ''),
  threadId: String(payloadThreadId ?? ''),
});

const reconcileIn = ({ call }: Failing, session: string | undefined): string[] => [
  ...(session === undefined ? [] : ['env', `RCS_SESSION_ID=${session}`]),
  'forge-resume',
  'reconcile',
  '--state-dir',
  call.stateDir,
];

const idArguments = ({ sessionId, threadId }: PayloadIdentity): string[] => [
  ...(sessionId === '' ? [] : [`--session-id=${sessionId}`]),
  ...(threadId === '' ? [] : [`--thread-id=${threadId}`]),
];

function newest(paths: StatePaths, ids: readonly string[]): string[] {
  const age = (id: string): number => attempt(() => lstatSync(paths.session(id)).mtimeMs) ?? 0;
  return ids
    .map((id) => ({ id, at: age(id) }))
    .sort((a, b) => b.at - a.at)
    .slice(0, most)
    .map(({ id }) => id);
}
