import { setTimeout as pause } from 'node:timers/promises';
import fs from 'fs-extra';
import { protocol } from '../../../rules/protocol.ts';
import { sights } from '../../../rules/trail.ts';
import { type Folder, inside, pathIn, sync } from './folder.ts';
import { attempt, changing } from './io.ts';
import { type FileContent, type FileRead, isSameFile, readDescriptor, sightOf } from './state-file.ts';
import { discardTemp, verifyTemp, writeTemp } from './temp-file.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
const { stateFileBytes } = protocol.limits;
/** How often a late write that is still half is looked at, a millisecond apart. */
const lateLooks = 30;

/** How a replacement or removal ended. */
export type Replaced =
  /** The file holds other bytes than those that were read; nothing was written. */
  | { readonly kind: 'changed' }
  | {
      readonly kind: 'replaced';
      /** What stands there now, as trails note it. */
      readonly seen: string;
      /** What another program wrote into the old file after our last look; it is not in what we wrote. */
      readonly late?: Buffer;
      /** The change took effect but could not be made durable. */
      readonly syncError?: unknown;
    };

/**
 * Replaces a file atomically, only if it still holds the bytes that were read
 * (src/store/file/README.md#create-replace-remove). Mode and group stay.
 *
 * @param folder - where it stands
 * @param name - its name
 * @param read - the file as read
 * @param content - the new content
 * @param verifyLock - throws `LOCK_LOST` if the lock is not ours any more; asked right before the rename
 * @param syncs - whether the folder is synced
 * @throws ForgeResumeError `IO` before the rename took effect, `LOCK_LOST`; never after the rename
 */
export async function replaceFile(
  folder: Folder,
  name: string,
  read: FileContent,
  content: Buffer,
  verifyLock: () => void,
  syncs = true,
): Promise<Replaced> {
  return await takingOut(folder, name, read, syncs, (isStillThere) => {
    const temp = writeTemp(folder, name, content, { mode: Number(read.stat.mode) & 0o777, gid: read.stat.gid });
    try {
      verifyLock();
      if (!isStillThere()) return undefined;
      verifyTemp(folder, temp);
      changing(`replace ${pathIn(folder, name)}`, () => inside(folder, (at) => fs.renameSync(at(temp.name), at(name))));
      return seenThrough(temp.fd, content);
    } finally {
      discardTemp(folder, temp);
    }
  });
}

/**
 * Removes a file, only if it still holds the bytes that were read (src/store/file/README.md#create-replace-remove).
 *
 * @param folder - where it stands
 * @param name - its name
 * @param read - the file as read
 * @param verifyLock - see {@link replaceFile}
 * @throws ForgeResumeError `IO` before it is gone, `LOCK_LOST`
 */
export async function removeFile(
  folder: Folder,
  name: string,
  read: FileContent,
  verifyLock: () => void,
): Promise<Replaced> {
  return await takingOut(folder, name, read, true, (isStillThere) => {
    verifyLock();
    if (!isStillThere()) return undefined;
    changing(`remove ${pathIn(folder, name)}`, () => inside(folder, (at) => fs.unlinkSync(at(name))));
    return sights.absent;
  });
}

/** Keeps a descriptor on what stands there, lets it be taken out of its place, and looks at it once more. */
async function takingOut(
  folder: Folder,
  name: string,
  read: FileContent,
  syncs: boolean,
  takeOut: (isStillThere: () => boolean) => string | undefined,
): Promise<Replaced> {
  const old = attempt(() => inside(folder, (at) => fs.openSync(at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK)));
  if (old === undefined) return { kind: 'changed' };
  try {
    if (!isSameFile(fs.fstatSync(old, { bigint: true }), read.stat)) return { kind: 'changed' };
    const seen = takeOut(() => isAt(folder, name, read) && holds(old, read.bytes));
    if (seen === undefined) return { kind: 'changed' };
    return { kind: 'replaced', seen, ...(syncs ? syncEntry(folder) : {}), ...(await lateWrite(old, read.bytes)) };
  } finally {
    fs.closeSync(old);
  }
}

/** Taken before the comparison: a write between the two changes what the next look sees. */
function seenThrough(fd: number, content: Buffer): string {
  const seen = attempt(() => sightOf(fs.fstatSync(fd, { bigint: true })));
  return seen !== undefined && holds(fd, content) ? seen : sights.unknown;
}

function isAt(folder: Folder, name: string, read: FileContent): boolean {
  const stat = attempt(() => inside(folder, (at) => fs.lstatSync(at(name), { bigint: true })));
  return stat !== undefined && isSameFile(stat, read.stat);
}

function holds(fd: number, bytes: Buffer): boolean {
  const now = readAgain(fd, bytes);
  return now.kind === 'file' && now.bytes.equals(bytes);
}

/** What is set aside may be larger than a run. */
const readAgain = (fd: number, bytes: Buffer): FileRead => readDescriptor(fd, Math.max(bytes.length, stateFileBytes));

function syncEntry(folder: Folder): { syncError?: unknown } {
  try {
    changing(`sync ${folder.path}`, () => sync(folder.fd));
    return {};
  } catch (error) {
    return { syncError: error };
  }
}

/** Looks at the old file once more; one that is just being written gets the time to become whole. */
async function lateWrite(old: number, bytes: Buffer): Promise<{ late?: Buffer }> {
  let late: Buffer | undefined;
  for (let look = 0; look < lateLooks; look += 1) {
    const now = readAgain(old, bytes);
    if (now.kind !== 'file' || now.bytes.equals(bytes)) return {};
    late = now.bytes;
    try {
      JSON.parse(late.toString('utf8'));
      break;
    } catch {
      await pause(1);
    }
  }
  return late === undefined ? {} : { late };
}
