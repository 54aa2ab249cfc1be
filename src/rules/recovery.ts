import { type ForgeState, isForgeState, isLive, startOf } from './forge-state.ts';
import { type Journal, restoreBytes } from './journal.ts';
import { isEndedByTransfer } from './transfer-plan.ts';

/** A run file as recovery finds it. */
export type FoundRun =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'run'; readonly bytes: Buffer; readonly value: unknown };

/** Rows of the recovery table. */
export type TargetState = 'before' | 'ours' | 'oursEnded' | 'another' | 'unreadable';
/** Columns of the recovery table. */
export type SourceState = 'live' | 'endedByUs' | 'ended' | 'absent' | 'unreadable';
/** What recovery can do with a journal. */
export type RecoveryAction = 'drop' | 'restore' | 'undo' | 'complete' | 'end' | 'finish' | 'quarantine' | 'keep';

/** What decides within a cell. */
export interface RecoveryFacts {
  /** Whether everything that cannot be read has been so for 10 s. */
  readonly old: boolean;
  /** Whether the target's folder can be synced: then a target that is gone was taken away, not lost. */
  readonly syncs: boolean;
  /** Whether the caller's session is the source's, its payload owns the run, and not only the target moved on. */
  readonly callerIsSource: boolean;
  readonly sourceMoved: boolean;
}

const table: Record<TargetState, Record<SourceState, RecoveryAction>> = {
  before: { live: 'drop', endedByUs: 'restore', ended: 'drop', absent: 'quarantine', unreadable: 'quarantine' },
  ours: { live: 'complete', endedByUs: 'finish', ended: 'finish', absent: 'finish', unreadable: 'finish' },
  oursEnded: { live: 'end', endedByUs: 'finish', ended: 'finish', absent: 'finish', unreadable: 'finish' },
  another: { live: 'drop', endedByUs: 'quarantine', ended: 'drop', absent: 'quarantine', unreadable: 'quarantine' },
  unreadable: {
    live: 'drop',
    endedByUs: 'quarantine',
    ended: 'quarantine',
    absent: 'quarantine',
    unreadable: 'quarantine',
  },
};

/**
 * What recovery does with a journal (src/store/file/README.md#recovery).
 *
 * @param target - what stands in the session that the run moves to
 * @param source - what stands in the session that it moves from
 * @param facts - what decides within a cell
 */
export function recoveryAction(target: TargetState, source: SourceState, facts: RecoveryFacts): RecoveryAction {
  if ((target === 'unreadable' || source === 'unreadable') && !facts.old) return 'keep';
  const action = table[target][source];
  if (action === 'restore' && facts.syncs) return 'drop';
  if (action === 'complete' && facts.callerIsSource) return 'undo';
  if (action === 'end' && facts.sourceMoved) return 'drop';
  return action;
}

/**
 * Which row a target is in: ours is the run that the journal wrote, as written, moved on or ended since.
 *
 * @param journal - the unfinished transfer
 * @param found - the target's file
 */
export function judgeTarget(journal: Journal, found: FoundRun): TargetState {
  if (found.kind === 'absent') return 'before';
  if (found.kind === 'unreadable') return 'unreadable';
  if (journal.targetBefore !== null && found.bytes.equals(restoreBytes(journal.targetBefore))) return 'before';
  if (!isRunOf(journal, found.value)) return 'another';
  if (isLive(found.value)) return 'ours';
  return isEndedByTransfer(found.value) ? 'another' : 'oursEnded';
}

/**
 * Which column a source is in: live is the run that was planned with, as it was or moved on.
 *
 * @param journal - the unfinished transfer
 * @param found - the source's file
 */
export function judgeSource(journal: Journal, found: FoundRun): SourceState {
  if (found.kind !== 'run') return found.kind;
  if (!isRunOf(journal, found.value)) return 'ended';
  if (isLive(found.value)) return 'live';
  return isEndedByTransfer(found.value) ? 'endedByUs' : 'ended';
}

/**
 * Whether a parsed file is the run that a journal is about: the same `started_at`.
 *
 * @param journal - the transfer
 * @param value - what `JSON.parse` returned
 */
export function isRunOf(journal: Pick<Journal, 'startedAt'>, value: unknown): value is ForgeState {
  return isForgeState(value) && startOf(value) === journal.startedAt;
}
