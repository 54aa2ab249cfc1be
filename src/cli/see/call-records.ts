import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isForgeState } from '../../rules/forge-state.ts';
import { protocol } from '../../rules/protocol.ts';

const { logFolder, logPrefix } = protocol.project;
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
/** Most of one file that is read, from its end, bytes. */
const mostBytes = 256 * 1024;

/** A line of a log; all that is foreign in it is checked where it is used. */
export type LogRecord = Readonly<Record<string, unknown>>;

/**
 * The last lines of a file of JSON lines, oldest first; half lines and lines that are no objects are passed over. No
 * link is followed, nothing waited for.
 *
 * @param path - the file
 */
export function lastRecords(path: string): LogRecord[] {
  let fd: number | undefined;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stat = fstatSync(fd);
    if (!stat.isFile()) return [];
    const size = Math.min(stat.size, mostBytes);
    const bytes = Buffer.alloc(size);
    const read = readSync(fd, bytes, 0, size, stat.size - size);
    const lines = bytes.subarray(0, read).toString('utf8').split('\n');
    return (size < stat.size ? lines.slice(1) : lines).flatMap(parsed);
  } catch {
    return [];
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function parsed(line: string): LogRecord[] {
  try {
    const value: unknown = JSON.parse(line);
    return isForgeState(value) ? [value] : [];
  } catch {
    return [];
  }
}

/**
 * The last calls that agents made in a project and that were worth a line of the daily logs, oldest first.
 *
 * @param stateDir - the state directory
 * @param days - of how many of the days that have a log
 */
export function callRecords(stateDir: string, days = 7): LogRecord[] {
  const folder = join(dirname(stateDir), logFolder);
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.startsWith(logPrefix) && /\d{4}-\d\d-\d\d\.jsonl$/.test(name));
  } catch {
    return [];
  }
  return names
    .sort()
    .slice(-days)
    .flatMap((name) => lastRecords(join(folder, name)));
}
