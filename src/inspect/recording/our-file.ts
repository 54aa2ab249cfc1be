import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { recordingFormat } from './format.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
/** What every recording begins with. */
const beginning = `{"kind":"header","format":"${recordingFormat}"`;

/**
 * Whether something belongs to whoever we act for; where there are no user ids, everything does.
 *
 * @param stat - of a file or folder
 */
export const isOwn = ({ uid }: Stats): boolean => process.geteuid === undefined || uid === process.geteuid();

/**
 * Whether a file is a recording that we may replace or remove: a regular file of ours that is empty or begins as every
 * recording does. No link is followed, nothing is waited for.
 *
 * @param path - the file
 */
export function isOurRecording(path: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return false;
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || !isOwn(stat)) return false;
    const start = Buffer.alloc(beginning.length);
    return stat.size === 0 || start.toString('utf8', 0, readSync(fd, start, 0, start.length, 0)) === beginning;
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}
