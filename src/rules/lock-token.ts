import { protocol } from './protocol.ts';

const { limits } = protocol;

/** How a lock is held: with the kernel lock beside the folder, or by the folder alone. */
export type LockMode = 'kernel' | 'folder';

/** What tells one process of one boot from every other, also after its pid has been given away again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly bootId: string;
  readonly pidNamespace: string;
  /** Start time in clock ticks since boot. */
  readonly startTicks: string;
}

/** The holder of whom a token of this version tells. */
export interface LockHolder extends ProcessIdentity {
  readonly mode: LockMode;
}

/** A lock folder that is in the way. */
export interface FoundLock {
  /** Content of `owner`, trimmed; undefined where it is not there or not readable; may be half of a token. */
  readonly token: string | undefined;
  /** Whether the folder carries the bit by which this version marks its own. */
  readonly sticky: boolean;
  /** Wall-clock age by mtime, milliseconds. */
  readonly ageMs: number;
  /** Monotonic time for which this call has seen it untouched, milliseconds. */
  readonly watchedMs: number;
  /** Whether the holder is a process of this host that stands still. */
  readonly isStopped: (holder: LockHolder) => boolean;
}

/** Behind the shared format stand ours; the first build wrote a host name, too. */
const tokenPattern = /^(\d{1,10})\.\d{1,16}\.[0-9A-Fa-f]+ (kernel|folder) (?:\S+ )?(\S+) (\S+) (\S+)$/;

/**
 * Formats a token: the shared `<pid>.<epoch ms>.<hex>`, then what is ours (src/store/file/README.md#lock).
 *
 * @param me - this process
 * @param mode - how the lock is held
 * @param epochMs - now
 * @param hex - random hexadecimal digits
 */
export function formatLockToken(me: ProcessIdentity, mode: LockMode, epochMs: number, hex: string): string {
  return `${me.pid}.${epochMs}.${hex} ${mode} ${me.bootId} ${me.pidNamespace} ${me.startTicks}`;
}

/**
 * The holder of whom a token tells.
 *
 * @param token - content of `owner`
 * @returns undefined where it is not of this version's making
 */
export function holderOf(token: string): LockHolder | undefined {
  const [, pid, mode, bootId, pidNamespace, startTicks] = tokenPattern.exec(token.trim()) ?? [];
  if (mode === undefined || !bootId || !pidNamespace || !startTicks) return undefined;
  return { pid: Number(pid), mode: mode as LockMode, bootId, pidNamespace, startTicks };
}

/**
 * Whether a lock folder may be removed (src/store/file/README.md#lock). Under the kernel lock nobody else of this
 * version and boot can hold one; an older runtime's goes by its age alone.
 *
 * @param found - the folder
 * @param me - this process
 * @param mode - how the caller holds the lock so far
 */
export function isAbandoned(found: FoundLock, me: ProcessIdentity, mode: LockMode): boolean {
  const holder = found.token === undefined ? undefined : holderOf(found.token);
  const aged = found.ageMs > limits.lockStaleMs;
  if (mode === 'kernel') {
    if (holder === undefined && found.sticky) return true;
    if (holder?.mode === 'kernel' && holder.bootId === me.bootId) return true;
    return aged;
  }
  if (holder === undefined || !aged) return aged;
  return found.watchedMs >= limits.lockWatchMs && seemsAbandoned(found, mode);
}

/**
 * Whether a lock folder will be abandoned if nobody touches it for as long as it is watched: all are hours old when a
 * machine wakes up, and holders that live touch theirs.
 *
 * @param found - the folder
 * @param mode - how the caller holds the lock so far
 */
export function seemsAbandoned(found: FoundLock, mode: LockMode): boolean {
  const holder = found.token === undefined ? undefined : holderOf(found.token);
  return mode === 'folder' && holder !== undefined && found.ageMs > limits.lockStaleMs && !found.isStopped(holder);
}
