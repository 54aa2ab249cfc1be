import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { isForgeState } from '../../rules/forge-state.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** A line; all that is foreign in it is checked where it is used. */
export type LineRecord = Readonly<Record<string, unknown>>;

/** The lines of a file. */
export interface JsonLines {
  /** Oldest first. */
  readonly records: readonly LineRecord[];
  /** How many lines are half lines, or no objects; null where the whole file cannot be read. */
  readonly unreadable: number | null;
}

/**
 * The last lines of a file of JSON lines. No link is followed, nothing waited for; a file that is not there has none.
 *
 * @param path - the file
 * @param mostBytes - of its end
 */
export function readJsonLines(path: string, mostBytes: number): JsonLines {
  let fd: number | undefined;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return { records: [], unreadable: null };
    const size = Math.min(stat.size, mostBytes);
    const bytes = Buffer.alloc(size);
    const read = readSync(fd, bytes, 0, size, stat.size - size);
    const lines = bytes.subarray(0, read).toString('utf8').split('\n');
    const parsed = (size < stat.size ? lines.slice(1) : lines).filter((line) => line !== '').map(parse);
    const records = parsed.filter((record) => record !== undefined);
    return { records, unreadable: parsed.length - records.length };
  } catch (error) {
    return { records: [], unreadable: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 0 : null };
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function parse(line: string): LineRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isForgeState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
