import type { Channel } from 'node:diagnostics_channel';
import { codeOf } from '../../machines/guards.ts';
import { type Reason, reasons } from '../rules/protocol.ts';
import type { CallNotes } from '../store/file/files/call-notes.ts';
import { isForeignRoot } from '../store/file/files/foreign-root.ts';
import { monotonicMs } from '../store/file/files/monotonic.ts';
import type { LockSight } from '../store/file/lock/lock-sight.ts';
import type { ReconcileOptions } from './options.ts';
import type { ReconcileResult } from './result.ts';
import { runCall } from './run-call.ts';

/** What is published of a call on the channel `forge-session-resume:call` (README.md#seen-by-programs). */
export interface CallReport {
  /** The state directory as given. */
  readonly stateDir: string;
  /** What was decided; null where the call threw. */
  readonly reason: Reason | null;
  /** Code of what the call threw, `UNKNOWN` where that has none; null where a decision was made. */
  readonly errorCode: string | null;
  /** How long the call took, milliseconds. */
  readonly durationMs: number;
  /** How long it waited for the lock, milliseconds; 0 where it never asked for it. */
  readonly lockWaitMs: number;
  /** Whether it held the lock, or waited for it in vain, or a look was enough. */
  readonly decidedBy: 'look' | 'lock';
  /** Active prior runs of this conversation that it considered, whatever their phase; 0 where none was looked for. */
  readonly candidates: number;
  /** What the lock was: the kernel's beside the folder, or the folder alone, which is weaker; null if it was not held. */
  readonly lock: 'kernel' | 'folder' | null;
  /** Who stood in the way of a call that gave up on the lock; null for any other. */
  readonly lockHolder: LockSight | null;
  /** Whether root made the call in somebody else's state directory: what it creates there is root's. */
  readonly isForeignRoot: boolean;
}

/** How a call ended. */
type End = Pick<CallReport, 'stateDir' | 'reason' | 'errorCode'>;

/** The same, with what it noted. */
interface Ended extends End {
  readonly notes: CallNotes;
  readonly startedAt: number;
}

/**
 * Runs a call and publishes it once everything is given back: a subscriber neither changes the call nor holds it up.
 *
 * @param options - the caller's
 * @param channel - where it is published
 * @throws what `reconcileForgeSessionResume` throws
 */
export async function runReported(options: ReconcileOptions, channel: Channel): Promise<ReconcileResult> {
  const notes: CallNotes = {};
  const startedAt = monotonicMs();
  let ended: End = { stateDir: options.stateDir, reason: null, errorCode: null };
  try {
    const result = await runCall(options, { notes });
    ended = { ...ended, reason: result.reason };
    return result;
  } catch (error) {
    ended = { ...ended, errorCode: codeOf(error) };
    throw error;
  } finally {
    channel.publish(await reportOf({ ...ended, notes, startedAt }));
  }
}

async function reportOf({ notes, startedAt, ...ended }: Ended): Promise<CallReport> {
  const endedAt = monotonicMs();
  const { lockAskedAt = endedAt, lockHeldAt = endedAt, lock = null, candidates = 0 } = notes;
  const timedOut = ended.reason === reasons.lockTimeout;
  return {
    ...ended,
    durationMs: endedAt - startedAt,
    lockWaitMs: lockHeldAt - lockAskedAt,
    decidedBy: lock !== null || timedOut ? 'lock' : 'look',
    candidates,
    lock,
    // Where a call waited, it has loaded this.
    lockHolder: timedOut ? (await import('./run-machine.ts')).lookAtLock(ended.stateDir) : null,
    isForeignRoot: isForeignRoot(ended.stateDir),
  };
}
