import { constants, lstatSync, openSync, renameSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenRecording } from './file-sink.ts';
import { isOurRecording } from './our-file.ts';
import { randomHex } from './random-hex.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;

/**
 * Makes a new file, readable to nobody else.
 *
 * @param path - where nothing may stand
 * @throws the operating system's error
 */
export const createFile = (path: string): number => openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);

/**
 * Opens the file that a user named for one recording. An older recording there is replaced as a whole, so that two
 * calls at once do not mix their lines; the last one that began stands. Anything else there is left alone.
 *
 * @param path - the file
 * @throws Error where something else stands there, or it cannot be made
 */
export function openFile(path: string): OpenRecording {
  if (path === '') throw new Error('no file is named; --record takes a file, or a folder that is there or ends in /');
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
    try {
      return { fd: createFile(path) };
    } catch (error) {
      // Another call of this instant was first.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (!isOurRecording(path)) throw new Error(`${path} is there already and is no recording of ours`);
  const fresh = join(dirname(path), `.${randomHex(12)}.forge-resume-recording`);
  const fd = createFile(fresh);
  try {
    renameSync(fresh, path);
    return { fd };
  } catch (error) {
    unlinkSync(fresh);
    throw error;
  }
}
