import { protocol } from './protocol.ts';

const { limits } = protocol;

/** How a lock is held: with the kernel lock beside the folder, or by the folder alone. */
export type LockMode = 'kernel' | 'folder';

/** What tells one process of one host from every other, also after its pid has been given away again. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly bootId: string;
  readonly pidNamespace: string;
  /** Start time in clock ticks since boot. */
  readonly startTicks: string;
}

/** What a lock folder's `owner` file says. */
export interface LockToken {
  readonly pid: number;
  readonly epochMs: number;
  /** Present on tokens of this version: what follows the shared format. */
  readonly holder?: ProcessIdentity & { readonly mode: LockMode };
}

/** A lock folder that is in the way, and what is known of its holder. */
export interface FoundLock {
  /** Content of `owner`, trimmed; undefined where it is not there or not readable; may be half of a token. */
  readonly token: string | undefined;
  /** Whether the folder carries the bit by which this version marks its own. */
  readonly sticky: boolean;
  /** Wall-clock age by mtime, milliseconds. */
  readonly ageMs: number;
  /** Monotonic time for which nothing about the folder has changed, milliseconds. */
  readonly unchangedMs: number;
  /** Whether the state directory is used from another host or pid namespace. */
  readonly shared: boolean;
  /** Whether the process of the token runs here: asked only where that can be known. */
  readonly holderAlive: (token: LockToken) => boolean;
}

const tokenPattern = /^(\d{1,10})\.(\d{1,16})\.([0-9A-Fa-f]+)(?: (kernel|folder) (\S+) (\S+) (\S+) (\S+))?$/;

/**
 * Formats a token: the shared `<pid>.<epoch ms>.<hex>`, then what is ours (protocol.md, "Lock").
 *
 * @param me - this process
 * @param mode - how the lock is held
 * @param epochMs - now
 * @param hex - random hexadecimal digits
 */
export function formatLockToken(me: ProcessIdentity, mode: LockMode, epochMs: number, hex: string): string {
  return `${me.pid}.${epochMs}.${hex} ${mode} ${me.host} ${me.bootId} ${me.pidNamespace} ${me.startTicks}`;
}

/**
 * Reads a token.
 *
 * @param text - content of `owner`
 * @returns undefined where it is in neither format
 */
export function parseLockToken(text: string): LockToken | undefined {
  const match = tokenPattern.exec(text.trim());
  if (match === null) return undefined;
  const [, pid, epochMs, , mode, host, bootId, pidNamespace, startTicks] = match;
  const shared = { pid: Number(pid), epochMs: Number(epochMs) };
  if (mode === undefined || !host || !bootId || !pidNamespace || !startTicks) return shared;
  return { ...shared, holder: { pid: shared.pid, mode: mode as LockMode, host, bootId, pidNamespace, startTicks } };
}

/**
 * Whether a lock folder may be removed by the holder of the kernel lock (protocol.md, "Lock").
 *
 * @param found - the folder
 * @param me - this process
 * @param underKernelLock - whether the caller holds the kernel lock
 */
export function isAbandoned(found: FoundLock, me: ProcessIdentity, underKernelLock: boolean): boolean {
  const aged = found.ageMs > limits.lockStaleMs || found.unchangedMs >= limits.lockStaleMs;
  const token = found.token === undefined ? undefined : parseLockToken(found.token);
  const holder = token?.holder;
  // One of ours whose maker died before its token was whole.
  if (underKernelLock && found.sticky && holder === undefined) return true;
  if (token === undefined) return aged;
  if (holder === undefined) {
    const deadHere = !found.shared && found.ageMs > limits.legacyLockGraceMs && !found.holderAlive(token);
    return deadHere || aged;
  }
  const sameBoot = holder.host === me.host && holder.bootId === me.bootId;
  if (sameBoot && holder.mode === 'kernel' && underKernelLock) return true;
  if (!sameBoot || holder.pidNamespace !== me.pidNamespace) return aged;
  return !found.holderAlive(token);
}
