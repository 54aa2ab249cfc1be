import { type ForgeState, isForgeState, isSameRun, iterationOf } from './forge-state.ts';
import { type Journal, restoreBytes, restoreRun } from './journal.ts';
import { protocol } from './protocol.ts';
import { trimmedText } from './text.ts';
import { isEndedByTransfer } from './transfer-plan.ts';

const { fields } = protocol;

/** A run file as recovery finds it. */
export type FoundRun =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'run'; readonly bytes: Buffer; readonly value: unknown };

/** Rows of the recovery table. */
export type TargetState = 'absent' | 'ours' | 'another' | 'unreadable';
/** Columns of the recovery table. */
export type SourceState = 'live' | 'endedByUs' | 'ended' | 'absent' | 'unreadable';
/** Cells of the recovery table. */
export type RecoveryAction = 'drop' | 'restore' | 'complete' | 'finish' | 'quarantine' | 'keep';

const table: Record<TargetState, Record<SourceState, RecoveryAction>> = {
  absent: { live: 'drop', endedByUs: 'restore', ended: 'drop', absent: 'quarantine', unreadable: 'keep' },
  ours: { live: 'complete', endedByUs: 'finish', ended: 'finish', absent: 'finish', unreadable: 'keep' },
  another: { live: 'drop', endedByUs: 'quarantine', ended: 'drop', absent: 'quarantine', unreadable: 'keep' },
  unreadable: { live: 'keep', endedByUs: 'keep', ended: 'keep', absent: 'keep', unreadable: 'keep' },
};

/**
 * What recovery does with a journal (protocol.md, table of "Recover").
 *
 * @param target - what stands in the current session
 * @param source - what stands in the prior session
 */
export function recoveryAction(target: TargetState, source: SourceState): RecoveryAction {
  return table[target][source];
}

/**
 * Which row a target is in: ours is the run that the journal wrote, as written, moved on or ended since.
 *
 * @param journal - the unfinished transfer
 * @param found - the target's file
 */
export function judgeTarget(journal: Journal, found: FoundRun): TargetState {
  if (found.kind !== 'run') return found.kind;
  if (found.bytes.equals(restoreBytes(journal.target.after))) return 'ours';
  const after = restoreRun(journal.target.after);
  if (after === undefined || !isForgeState(found.value)) return 'another';
  const ours = isSameRun(after, found.value) && trimmedText(found.value[fields.ownerRcsSession]) === journal.currentId;
  return ours ? 'ours' : 'another';
}

/**
 * Which column a source is in: live is the run that was planned with, as it was or moved on.
 *
 * @param journal - the unfinished transfer
 * @param found - the source's file
 */
export function judgeSource(journal: Journal, found: FoundRun): SourceState {
  if (found.kind !== 'run') return found.kind;
  if (found.bytes.equals(restoreBytes(journal.source.before))) return 'live';
  if (found.bytes.equals(restoreBytes(journal.source.after))) return 'endedByUs';
  const before = restoreRun(journal.source.before);
  if (before === undefined || !isForgeState(found.value) || !isSameRun(before, found.value)) return 'ended';
  if (found.value[fields.active] === true) return 'live';
  // An older runtime ends runs in the same words: the instant tells whose end it is.
  const atOurs = trimmedText(found.value[fields.completedAt]) === journal.createdAt;
  return isEndedByTransfer(found.value) && atOurs ? 'endedByUs' : 'ended';
}

/**
 * Whether a live run is a copy that a late writer brought back, by its receipt (protocol.md, "Receipts"): the same
 * start, present; the same owner as when it was handed over; and an iteration that is not lower.
 *
 * @param before - the run as it was when the transfer ended it
 * @param copy - the live run that stands there now
 */
export function isResurrectedCopy(before: ForgeState, copy: ForgeState): boolean {
  if (copy[fields.active] !== true) return false;
  if (trimmedText(before[fields.startedAt]) === '' || !isSameRun(before, copy)) return false;
  const owners = [fields.ownerRcsSession, fields.ownerCodexSession, fields.ownerCodexThread];
  if (owners.some((field) => trimmedText(before[field]) !== trimmedText(copy[field]))) return false;
  return (iterationOf(copy) ?? 0) >= (iterationOf(before) ?? 0);
}
