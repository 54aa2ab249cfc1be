import type { Recovery, RecoveryOutcome } from '../../machines/contract.ts';
import type { ReconcileResult } from '../call/result.ts';
import { commandReasons, policyReasons, type Reason, reasons, stopReasons } from '../rules/protocol.ts';

type Sentence = (result: ReconcileResult) => string;

const sentences: Readonly<Record<Reason, Sentence>> = {
  [reasons.resumed]: ({ currentRcsSessionId, sourcePath, targetPath }) =>
    `Resumed: the forge run of ${sourcePath} now belongs to session ${currentRcsSessionId}, in ${targetPath}. ` +
    'Nothing to do: the prior session is marked as cancelled and the next turn goes on from here.',
  [reasons.currentActive]: ({ currentRcsSessionId, updatedCurrentOwner, targetPath }) =>
    `Session ${currentRcsSessionId} already has an active forge run, ${targetPath}; its owner ` +
    `${updatedCurrentOwner ? 'has been brought up to date' : 'was up to date'}. Nothing to do.`,
  [reasons.currentPresent]: ({ currentRcsSessionId, targetPath }) =>
    `Session ${currentRcsSessionId} has a forge run that is not active, ${targetPath}; it is never overwritten. ` +
    'To take over a prior run, move that file away or resume in a new session.',
  [reasons.currentUnreadable]: ({ currentRcsSessionId, targetPath }) =>
    `The forge run of session ${currentRcsSessionId}, ${targetPath}, cannot be read as a run; it is left as it is. ` +
    'Repair that file (JSON, no link, 8 MiB at most, readable) or move it away, then try again.',
  [reasons.identityMissing]: ({ currentRcsSessionId }) =>
    `Session ${currentRcsSessionId} has no forge run, and without an id of the agent none can be taken over. ` +
    'Pass --session-id, --thread-id or both.',
  [reasons.noCandidate]: ({ currentRcsSessionId }) =>
    `No prior session has a live forge run that belongs to these ids; session ${currentRcsSessionId} stays without ` +
    'one. If you expected one, compare owner_codex_session_id and owner_codex_thread_id of its forge-state.json.',
  [reasons.severalCandidates]: ({ currentRcsSessionId }) =>
    `Several prior sessions have a live forge run that belongs to these ids; nothing was handed over to session ` +
    `${currentRcsSessionId}, since only you can know which one goes on. forge-resume status lists them, forge-resume adopt ` +
    'takes one over, forge-resume end ends one.',
  [commandReasons.adopted]: ({ currentRcsSessionId, sourcePath, targetPath }) =>
    `Adopted: the forge run of ${sourcePath} now belongs to session ${currentRcsSessionId}, in ${targetPath}. ` +
    `Nothing to do; forge-resume undo --from ${currentRcsSessionId} gives it back.`,
  [commandReasons.givenBack]: ({ currentRcsSessionId, sourcePath, targetPath }) =>
    `Given back: the forge run of ${sourcePath} belongs to session ${currentRcsSessionId} again, in ${targetPath}. ` +
    `Nothing to do; forge-resume undo --from ${currentRcsSessionId} takes that back, too.`,
  [commandReasons.ended]: ({ ended = [] }) =>
    `Ended: ${ended.map(({ location }) => location).join(' and ')} is marked as cancelled. Nothing to do; it does not ` +
    'come back by itself.',
  [commandReasons.planMoved]: () =>
    'What the plan rests on has moved since it was made; nothing was changed. Make a new plan, with --dry-run.',
  [policyReasons.currentForeign]: ({ currentRcsSessionId, targetPath }) =>
    `Session ${currentRcsSessionId} has an active forge run of another conversation, ${targetPath}; it is left as it is. ` +
    'Go on in that conversation, or resume this one in a session of its own.',
  [policyReasons.ownerLive]: ({ owner }) =>
    `The owner of the forge run of session ${owner?.session} lives (${owner?.sign}); that run was left as it is. End that ` +
    'session first; if you know better, forge-resume adopt and end go on with --from-live.',
  [reasons.sessionMissing]: () =>
    'The current session is not known: neither RCS_SESSION_ID, CODEX_SESSION_ID or SESSION_ID names a session ' +
    'folder, nor does session.json name a session that is running. Start the runtime in this project, or check ' +
    '--state-dir.',
  [reasons.lockTimeout]: () =>
    'Another call held the lock of this state directory all the time; nothing was read or changed. Try again; if ' +
    'it stays so, see what its holder does.',
};

const recoveries: Readonly<Record<RecoveryOutcome, string>> = {
  dropped: 'had not begun to write and was dropped',
  completed: 'was completed',
  restored: 'had lost its target, which has been restored',
  finished: 'was complete but for its trails',
  undone: 'was undone, since its session goes on',
  quarantined: 'fits none of the runs any more; its journal is in .forge-resume/quarantine',
  copy_ended: 'had left a copy that came back to life; it has been ended',
};

const recoverySentence = ({ transferId, outcome }: Recovery): string =>
  `An earlier transfer, ${transferId}, ${recoveries[outcome]}.`;

/**
 * What became of runs that had been idle for too long.
 *
 * @param result - the call's result
 * @param verb - whether it has happened, or would
 */
export function staleSentences({ ended = [] }: ReconcileResult, verb: 'has been' | 'would be'): string[] {
  return ended.flatMap((run) => {
    if (run.stopReason !== stopReasons.stale) return [];
    const by = run.source === 'mtime' ? 'the time of its file' : run.source;
    const [age, limit] = [run.ageMs, run.limitMs].map(durationWords);
    return [`The run ${run.location} ${verb} ended as stale: idle for ${age} by ${by}, longer than ${limit}.`];
  });
}

/** A duration in its largest whole unit. */
function durationWords(ms: number): string {
  const [size, unit] = (
    [
      [86_400_000, 'd'],
      [3_600_000, 'h'],
      [60_000, 'min'],
    ] as const
  ).find(([size]) => ms >= 2 * size) ?? [1_000, 's'];
  return `${Math.floor(ms / size)} ${unit}`;
}

/** What happened beside a decision. */
export const warningSentence = (warning: string): string => `Beside that, ${warning}.`;

/**
 * Tells a person what a call decided and what to do next.
 *
 * @param result - the call's result
 * @param asides - more sentences, which the result does not hold
 * @returns one line; paths and ids in it are not yet made printable
 */
export function sentenceFor(result: ReconcileResult, asides: readonly string[] = []): string {
  return [
    sentences[result.reason](result),
    ...staleSentences(result, 'has been'),
    ...(result.recovered ?? []).map(recoverySentence),
    ...(result.warnings ?? []).map(warningSentence),
    ...asides,
  ].join(' ');
}
