import { lstatSync } from 'node:fs';
import { sep } from 'node:path';
import { holderOf, type LockMode } from '../../../rules/lock-token.ts';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from '../files/io.ts';
import type { StatePaths } from '../files/paths.ts';
import { statOf } from '../files/process-facts.ts';
import { processIdentity } from '../files/process-identity.ts';
import { readStateFile } from '../files/state-file.ts';
import { hasKernelLocks } from './addon.ts';

const ownerBytes = 4_096;

/** How things stand with the lock of a state directory, as somebody sees it who does not take it. */
export interface LockState {
  /**
   * `free`: nobody has it. `held`: its holder lives, or nothing says otherwise. `dead`: its holder is gone. `stale`: it
   * was not touched for so long that the next call takes it away.
   */
  readonly state: 'free' | 'held' | 'dead' | 'stale';
  /** What it is made of: the kernel's lock and the folder, or the folder alone; for a free one, what a call would take. */
  readonly kind: LockMode;
  /** Id of the holder's process, in its own PID namespace; null where nobody holds it or nothing tells. */
  readonly pid: number | null;
  /** Whether the holder is known to be a process of another container or machine. */
  readonly isElsewhere: boolean;
  /** How long ago the lock folder was touched last, milliseconds; null for a free one. */
  readonly ageMs: number | null;
}

/**
 * Looks at the lock without taking it.
 *
 * @param paths - the state directory's
 * @param now - epoch milliseconds
 */
export function lockState(paths: StatePaths, now: number): LockState {
  const first = lookOnce(paths, now);
  if (first.state !== 'dead') return first;
  // A holder gives the lock back before it ends: only what is still there once it is known to be gone, it left.
  const second = lookOnce(paths, now);
  return second.state === 'dead' && second.pid !== first.pid ? { ...second, state: 'held' } : second;
}

function lookOnce(paths: StatePaths, now: number): LockState {
  const stat = attempt(() => lstatSync(paths.lockFolder));
  const free: LockMode = hasKernelLocks() ? 'kernel' : 'folder';
  if (stat === undefined) return { state: 'free', kind: free, pid: null, isElsewhere: false, ageMs: null };
  const read = readStateFile(paths.lockFolder + sep + protocol.files.lockOwner, ownerBytes);
  const token = read.kind === 'file' ? read.bytes.toString('utf8').trim() : '';
  const holder = holderOf(token);
  const me = processIdentity();
  const isElsewhere = holder !== undefined && (holder.bootId !== me.bootId || holder.pidNamespace !== me.pidNamespace);
  const ageMs = now - stat.mtimeMs;
  const isDead = holder !== undefined && !isElsewhere && !isRunning(holder.pid, holder.startTicks);
  const isStale = ageMs > protocol.limits.lockStaleMs;
  return {
    state: isDead ? 'dead' : isStale ? 'stale' : 'held',
    kind: holder?.mode ?? 'folder',
    // An older runtime's token has nothing but this in common with ours.
    pid: holder?.pid ?? (Number(/^(\d{1,10})\./.exec(token)?.[1]) || null),
    isElsewhere,
    ageMs,
  };
}

function isRunning(pid: number, startTicks: string): boolean {
  const stat = statOf(pid);
  return stat !== undefined && !/^[ZX]$/.test(stat.state) && String(stat.startTicks) === startTicks;
}
