import { dirname, join } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { attempt, changing, osCode } from './io.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_DIRECTORY = 0 } = fs.constants;

/** Whose a new file or folder must be: what it stands for. */
export interface Ownership {
  readonly uid: number;
  readonly gid: number;
}

/** A new file's permission bits and owner. */
export interface FileTraits extends Ownership {
  readonly mode: number;
}

/** Codes by which a file system says that it cannot sync a folder; that is no error. */
const cannotSync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EPERM', 'EBADF']);
const isPrivileged = process.geteuid?.() === 0;

/**
 * Makes a folder's entries durable.
 *
 * @param path - the folder
 * @param through - whether a link in its place is followed, as it is for the state directory only (rule 10)
 * @throws ForgeResumeError `IO`
 */
export function syncFolder(path: string, through: 'links' | 'nothing' = 'nothing'): void {
  changing('sync a folder', () => {
    if (process.platform === 'win32') return;
    const fd = fs.openSync(path, O_RDONLY | O_DIRECTORY | (through === 'links' ? 0 : O_NOFOLLOW));
    try {
      fs.fsyncSync(fd);
    } catch (error) {
      if (!cannotSync.has(osCode(error))) throw error;
    } finally {
      fs.closeSync(fd);
    }
  });
}

/**
 * Writes a new file and makes its content durable; its entry is the caller's to sync. On failure nothing stays.
 *
 * @param path - must not exist
 * @param content - all of it
 * @param traits - permission bits, and the owner if we may set one
 * @throws ForgeResumeError `IO`; the original may have code EEXIST
 */
export function writeDurably(path: string, content: string | Buffer, traits: FileTraits): void {
  changing('write a file', () => {
    const fd = fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      try {
        writeAll(fd, typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
        if (traits.mode !== 0o600) fs.fchmodSync(fd, traits.mode);
        if (needsOwner(traits)) fs.fchownSync(fd, traits.uid, traits.gid);
        fs.fsyncSync(fd);
      } finally {
        fs.closeSync(fd);
      }
    } catch (error) {
      attempt(() => fs.unlinkSync(path));
      throw error;
    }
  });
}

/**
 * Makes a folder if it is not there.
 *
 * @param path - the folder; its parent must exist
 * @param mode - permission bits of a new one
 * @param like - whose it must be, if we may say so
 * @returns whether it was made
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE` where something else stands there
 */
export function ensureFolder(path: string, mode: number, like: Ownership): boolean {
  return changing('make a folder', () => {
    try {
      fs.mkdirSync(path, mode);
    } catch (error) {
      if (osCode(error) !== 'EEXIST') throw error;
      const stat = fs.lstatSync(path);
      if (stat.isDirectory()) return false;
      if (stat.isSymbolicLink()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`);
      throw error;
    }
    try {
      if (needsOwner(like)) fs.lchownSync(path, like.uid, like.gid);
    } catch (error) {
      attempt(() => fs.rmdirSync(path));
      throw error;
    }
    return true;
  });
}

/** Whether we are privileged and what we make would not belong to whom it must. */
export function needsOwner(like: Ownership): boolean {
  return isPrivileged && (like.uid !== 0 || like.gid !== process.getegid?.());
}

/**
 * Removes a file and makes the removal durable.
 *
 * @param path - the file; absence is fine
 * @throws ForgeResumeError `IO`
 */
export function removeDurably(path: string): void {
  changing('remove a file', () => {
    try {
      fs.unlinkSync(path);
    } catch (error) {
      if (osCode(error) !== 'ENOENT') throw error;
    }
  });
  syncFolder(dirname(path));
}

/**
 * Removes a file, or a folder with all that is below; nothing there is no error.
 *
 * @param path - not followed where it is a link
 */
export function removeTree(path: string): void {
  fs.rmSync(path, { recursive: true, force: true });
}

/** A name in a folder that nobody else uses. */
export function uniqueName(folder: string, hint: string): string {
  const random = Math.floor(Math.random() * 36 ** 8).toString(36);
  return join(folder, `${hint}.${process.pid}.${random}`);
}

function writeAll(fd: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(fd, bytes, written, bytes.length - written);
}
