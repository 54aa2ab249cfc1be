import type { ReconcileResult } from '../../../call/result.ts';
import type { DryResult } from '../../../call/run-dry.ts';
import { messageOf } from '../../../errors.ts';
import { policyReasons, reasons } from '../../../rules/protocol.ts';
import { staleSentences } from '../../sentences.ts';
import type { AskedIdentity } from './asked-identity.ts';

/** What a call comes to that no command asked for. */
export type CallReason = (typeof reasons)[keyof typeof reasons] | (typeof policyReasons)[keyof typeof policyReasons];

/** Answers for a person, in the conditional: nothing has happened. */
export const answers: Readonly<Record<CallReason, (session: string) => string>> = {
  [reasons.resumed]: (session) => `A call now would resume: the run would move to ${session}.`,
  [reasons.currentActive]: (session) => `Nothing would move: ${session} has an active run of its own.`,
  [reasons.currentPresent]: (session) => `Nothing would move: ${session} has a run that is not active.`,
  [reasons.currentUnreadable]: (session) => `Nothing would move: the run of ${session} cannot be read.`,
  [reasons.identityMissing]: () => 'Nothing would move: nobody said for which conversation.',
  [reasons.noCandidate]: () => 'Nothing would move: no other session has a live run of this conversation.',
  [reasons.severalCandidates]: () => 'Nothing would move: several sessions have a live run of this conversation.',
  [reasons.sessionMissing]: () => 'Nothing would move: it is not known which session is current.',
  [reasons.lockTimeout]: () => 'Nothing would move: another call holds the lock.',
  [policyReasons.currentForeign]: (session) =>
    `Nothing would move: ${session} has an active run of another conversation, which is left as it is.`,
  [policyReasons.ownerLive]: () => 'Nothing would move: the owner of the run lives.',
};

const causes: Readonly<Record<CallReason, (result: ReconcileResult, asked: AskedIdentity, dry: DryResult) => string>> =
  {
    [reasons.resumed]: ({ sourcePath }, asked) => `${sourcePath} is the only live run of ${conversation(asked)}.`,
    [reasons.currentActive]: ({ targetPath, updatedCurrentOwner }) =>
      `${targetPath} is active; its owner ${updatedCurrentOwner ? 'would be brought up to date' : 'is up to date'} (rule 3).`,
    [reasons.currentPresent]: ({ targetPath }) => `${targetPath} is there, and never overwritten (rule 4).`,
    [reasons.currentUnreadable]: ({ targetPath }) =>
      `${targetPath} cannot be read as a run, and is left alone (rule 4).`,
    [reasons.identityMissing]: () =>
      'Neither the command line, nor the log, nor a single live run names a conversation (rule 5).',
    [reasons.noCandidate]: (_result, asked, { notes }) =>
      [
        `No prior run is live and of ${conversation(asked)} (rule 6).`,
        ...(notes.broken ?? []).map((text) => `${text}.`),
      ].join(' '),
    [reasons.severalCandidates]: (_result, asked, { candidates }) =>
      `${candidates.join(' and ')} have one of ${conversation(asked)}, and only you know which goes on (rule 6).`,
    [reasons.sessionMissing]: () =>
      'No variable RCS_SESSION_ID, CODEX_SESSION_ID or SESSION_ID names a folder of sessions/, and session.json no session ' +
      'that runs in this project (rule 2).',
    [reasons.lockTimeout]: () => 'It was not given back for 5 s.',
    [policyReasons.currentForeign]: ({ targetPath }) =>
      `${targetPath} names another conversation (policy refuseForeignOwner).`,
    [policyReasons.ownerLive]: ({ owner }) =>
      `Whoever works on the run of ${owner?.session} is still there: ${owner?.sign} (policy requireDeadOwner).`,
  };

const conversation = ({ identity, by }: AskedIdentity): string => {
  const how = by === 'given' ? '' : `, which is ${by === 'the last call in the log' ? 'that of ' : ''}${by}`;
  return `conversation ${identity.sessionId || identity.threadId}${how}`;
};

/**
 * Why a call comes to what it comes to, in one sentence.
 *
 * @param dry - what it comes to
 * @param asked - for which conversation
 */
export const causeOf = (dry: DryResult, asked: AskedIdentity): string =>
  dry.result === undefined
    ? messageOf(dry.error)
    : [causes[dry.result.reason as CallReason](dry.result, asked, dry), ...staleSentences(dry.result, 'would be')].join(
        ' ',
      );
