import fs from 'fs-extra';
import { attempt } from '../files/io.ts';
import { monotonicMs } from '../files/monotonic.ts';
import { processIdentity } from '../files/process-identity.ts';

const maxBytes = 8_192;

interface NotesFile {
  /** Host and pid namespace that used this state directory last. */
  readonly user: string;
  /** Set once two different ones have used it; never cleared. */
  readonly shared: boolean;
  /** The lock folder that was in the way at the last attempt, and since when. */
  readonly sight?: { readonly of: string; readonly boot: string; readonly sinceMs: number };
}

/** What one attempt at the lock leaves for the next, in the kernel lock's own file. */
export interface LockNotes {
  /** Whether another host or pid namespace has used this state directory too. */
  readonly shared: boolean;
  /**
   * For how long, by the monotonic clock, attempts have seen the same folder in the way.
   *
   * @param of - its inode, time and token
   * @returns milliseconds; 0 at the first sight
   */
  readonly unchangedMs: (of: string) => number;
}

/**
 * Reads the notes in the lock file; a torn or foreign content counts as none.
 *
 * @param fd - the descriptor that holds the kernel lock
 */
export function readLockNotes(fd: number): LockNotes {
  const me = processIdentity();
  const user = `${me.host} ${me.pidNamespace}`;
  const before = parse(fd);
  const shared = before !== undefined && (before.shared || before.user !== user);
  if (before === undefined || before.user !== user || before.shared !== shared) write(fd, { user, shared });
  return {
    shared,
    unchangedMs: (of) => {
      const nowMs = Math.floor(monotonicMs());
      const seen = before?.sight;
      if (seen !== undefined && seen.of === of && seen.boot === me.bootId && seen.sinceMs <= nowMs) {
        return nowMs - seen.sinceMs;
      }
      write(fd, { user, shared, sight: { of, boot: me.bootId, sinceMs: nowMs } });
      return 0;
    },
  };
}

function parse(fd: number): NotesFile | undefined {
  return attempt(() => {
    const buffer = Buffer.allocUnsafe(maxBytes);
    const length = fs.readSync(fd, buffer, 0, maxBytes, 0);
    if (length === 0) return undefined;
    const value = JSON.parse(buffer.toString('utf8', 0, length)) as Partial<NotesFile> | null;
    if (typeof value?.user !== 'string' || typeof value.shared !== 'boolean') return undefined;
    const { user, shared, sight } = value;
    const usable = typeof sight?.of === 'string' && typeof sight.boot === 'string' && typeof sight.sinceMs === 'number';
    return usable ? { user, shared, sight } : { user, shared };
  });
}

function write(fd: number, notes: NotesFile): void {
  attempt(() => {
    fs.ftruncateSync(fd, 0);
    fs.writeSync(fd, JSON.stringify(notes), 0);
  });
}
