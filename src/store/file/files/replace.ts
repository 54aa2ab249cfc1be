import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fs from 'fs-extra';
import { protocol } from '../../../rules/protocol.ts';
import { type FileTraits, syncFolder, uniqueName, writeDurably } from './durable.ts';
import { attempt, changing, osCode } from './io.ts';
import { type FileContent, readDescriptor } from './state-file.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
/** How often a late write that is still half is looked at, a millisecond apart. */
const lateLooks = 30;
/** Codes by which a file system says that it has no hard links. */
const cannotLink = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/** What a replacement needs beside the content. */
export interface ReplaceScope {
  /** Folder for temp files. */
  readonly tempFolder: string;
  /** Throws `LOCK_LOST` if the lock is not ours any more; asked right before the rename. */
  readonly verifyLock: () => void;
}

/** How a replacement ended. */
export type Replaced =
  /** The file holds other bytes than those that were read; nothing was written. */
  | { readonly kind: 'changed' }
  | {
      readonly kind: 'replaced';
      /** What another program wrote into the old file after our last look before the rename; it was not in what we wrote. */
      readonly late?: Buffer;
      /** The rename took effect but could not be made durable. */
      readonly syncError?: unknown;
    };

/**
 * Replaces a file atomically, only if it still holds the bytes that were read (protocol.md, "Replace").
 *
 * @param path - the file
 * @param read - the file as read
 * @param content - the new content
 * @param scope - temp folder and lock
 * @throws ForgeResumeError `IO` before the rename took effect, `LOCK_LOST`; never after the rename
 */
export async function replaceFile(
  path: string,
  read: FileContent,
  content: string,
  scope: ReplaceScope,
): Promise<Replaced> {
  let old: number;
  try {
    old = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return { kind: 'changed' };
  }
  try {
    if (!isSameFile(fs.fstatSync(old), read)) return { kind: 'changed' };
    const temp = writeTemp(content, read, scope.tempFolder);
    let renamed = false;
    try {
      scope.verifyLock();
      if (!isStillAt(path, read) || !holds(old, read)) return { kind: 'changed' };
      changing('replace a run', () => renameOver(temp, path, content, read));
      renamed = true;
    } finally {
      if (!renamed) attempt(() => fs.unlinkSync(temp));
    }
    return { kind: 'replaced', ...syncEntry(path), ...(await lateWrite(old, read)) };
  } finally {
    fs.closeSync(old);
  }
}

/**
 * Creates a file atomically, only if nothing stands there.
 *
 * @param path - the file; its folder must exist
 * @param content - all of it
 * @param traits - permission bits and owner
 * @param scope - temp folder and lock
 * @returns false if another program was first
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export function createFile(path: string, content: string | Buffer, traits: FileTraits, scope: ReplaceScope): boolean {
  const temp = writeTemp(content, traits, scope.tempFolder);
  try {
    scope.verifyLock();
    return changing('create a run', () => linkInto(temp, path, content, traits));
  } finally {
    attempt(() => fs.unlinkSync(temp));
  }
}

function writeTemp(content: string | Buffer, traits: FileTraits, tempFolder: string): string {
  const temp = uniqueName(tempFolder, 'run');
  writeDurably(temp, content, traits);
  return temp;
}

/** Renames; where the temp folder is on another file system, through a temp file beside the target. */
function renameOver(temp: string, path: string, content: string, traits: FileTraits): void {
  try {
    fs.renameSync(temp, path);
    return;
  } catch (error) {
    if (osCode(error) !== 'EXDEV') throw error;
  }
  attempt(() => fs.unlinkSync(temp));
  const beside = besideName(path);
  attempt(() => fs.unlinkSync(beside));
  writeDurably(beside, content, traits);
  try {
    fs.renameSync(beside, path);
  } catch (error) {
    attempt(() => fs.unlinkSync(beside));
    throw error;
  }
}

function linkInto(temp: string, path: string, content: string | Buffer, traits: FileTraits): boolean {
  try {
    fs.linkSync(temp, path);
    return true;
  } catch (error) {
    const code = osCode(error);
    if (code === 'EEXIST') return false;
    if (code === 'EXDEV') return linkBeside(path, content, traits);
    if (!cannotLink.has(code)) throw error;
  }
  // No hard links here: the look and the rename are two steps, and a run started between them would be replaced.
  if (exists(path)) return false;
  fs.renameSync(temp, path);
  return true;
}

function linkBeside(path: string, content: string | Buffer, traits: FileTraits): boolean {
  const beside = besideName(path);
  attempt(() => fs.unlinkSync(beside));
  writeDurably(beside, content, traits);
  try {
    fs.linkSync(beside, path);
    return true;
  } catch (error) {
    if (osCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    attempt(() => fs.unlinkSync(beside));
  }
}

/**
 * The temp file beside a run that is used where our own folder is on another file system; derived, so that a later
 * call finds and removes it.
 *
 * @param path - the run's file
 */
export function besideName(path: string): string {
  return join(dirname(path), `.${protocol.files.forgeState}${protocol.files.ownFolder}`);
}

function exists(path: string): boolean {
  try {
    fs.lstatSync(path);
    return true;
  } catch (error) {
    if (osCode(error) === 'ENOENT') return false;
    throw error;
  }
}

function isStillAt(path: string, read: FileContent): boolean {
  const stat = attempt(() => fs.lstatSync(path));
  return stat !== undefined && isSameFile(stat, read);
}

const isSameFile = (stat: { ino: number; dev: number }, read: FileContent): boolean =>
  stat.ino === read.ino && stat.dev === read.dev;

function holds(fd: number, read: FileContent): boolean {
  const now = readDescriptor(fd);
  return now.kind === 'file' && now.bytes.equals(read.bytes);
}

function syncEntry(path: string): { syncError?: unknown } {
  try {
    syncFolder(dirname(path));
    return {};
  } catch (error) {
    return { syncError: error };
  }
}

/** Looks at the old file once more; one that is just being written gets the time to become whole. */
async function lateWrite(old: number, read: FileContent): Promise<{ late?: Buffer }> {
  for (let look = 0; look < lateLooks; look += 1) {
    const now = readDescriptor(old);
    if (now.kind !== 'file' || now.bytes.equals(read.bytes)) return {};
    try {
      JSON.parse(now.bytes.toString('utf8'));
      return { late: now.bytes };
    } catch {
      await pause(1);
    }
  }
  return {};
}
