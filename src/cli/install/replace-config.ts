import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Puts a file in place in one step, synced: whoever reads it sees what was there or what is there now.
 *
 * @param path - the file itself, no link
 * @param bytes - all of it
 * @param kept - mode and, where we may, group of what it replaces
 * @param mode - of a new file, within the user's mask
 * @throws the system's error; what was there is then still there
 */
export function replaceConfig(path: string, bytes: Uint8Array, kept: Stats | undefined, mode: number): void {
  const temp = join(dirname(path), `.${basename(path)}.${process.pid}.forge-resume`);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const fd = openSync(temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kept === undefined ? mode : 0o600);
  try {
    try {
      writeFileSync(fd, bytes);
      if (kept !== undefined) keep(fd, kept);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temp, path);
  } catch (error) {
    unlinkSync(temp);
    throw error;
  }
  syncFolder(dirname(path));
}

function keep(fd: number, { mode, gid, uid }: Stats): void {
  try {
    fchownSync(fd, uid, gid);
  } catch {
    // A group that we are not in.
  }
  fchmodSync(fd, mode & 0o7777);
}

function syncFolder(path: string): void {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch {
    // Some file systems cannot; the file is in place all the same.
  }
}
