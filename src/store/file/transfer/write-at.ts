import { ForgeResumeError } from '../../../errors.ts';
import { sights } from '../../../rules/trail.ts';
import { createFile } from '../files/create.ts';
import type { Folder } from '../files/folder.ts';
import { changing } from '../files/io.ts';
import { type Replaced, removeFile, replaceFile } from '../files/replace.ts';
import { ensureBelow, giveBack, openBelow } from '../files/root.ts';
import type { FileContent } from '../files/state-file.ts';
import { fileMode, folderMode } from '../lock/kernel-lock.ts';
import type { Call } from './call.ts';
import { unlinkAt } from './clear-at.ts';
import { type Place, pathOf } from './place.ts';
import { readAt, statAt } from './read-at.ts';

/** How a file is created. */
interface Creating {
  /** Its permission bits; default those of our files. */
  readonly mode?: number;
  /** Whether its folder is synced; default true. */
  readonly syncs?: boolean;
}

/**
 * Creates a file where nothing stands, with the folders on the way, durably.
 *
 * @returns false if something stands there
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function createAt(call: Call, place: Place, content: Buffer, { mode, syncs = true }: Creating = {}): boolean {
  return changing(`create ${pathOf(call, place)}`, () => {
    const root = call.lease.root();
    if (call.dry !== undefined) {
      // Folders on the way that are links are refused before anybody looks what stands there.
      const isThere = statAt(call, place) !== undefined;
      if (!isThere) call.dry.put(root, place, content, mode ?? fileMode(root));
      else call.dry.check(root, place);
      return !isThere;
    }
    const onNoLinks = (): unknown =>
      call.warnings.add('this file system has no hard links: a run started at the moment of a hand-over is lost');
    const file = { content, mode: mode ?? fileMode(root), verifyLock: call.lease.verify, onNoLinks, syncs };
    const folder = ensureBelow(root, place.slice(0, -1), folderMode(root));
    try {
      return createFile(folder, place.at(-1) ?? '', file);
    } finally {
      giveBack(root, folder);
    }
  });
}

/**
 * Replaces a file, only if it still holds what was read.
 *
 * @param syncs - whether its folder is synced
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`; never once it took effect
 */
export function replaceAt(
  call: Call,
  place: Place,
  read: FileContent,
  content: Buffer,
  syncs = true,
): Promise<Replaced> {
  if (call.dry !== undefined) return dryExchange(call, place, read, content);
  return exchangeAt(call, place, (folder, name) => replaceFile(folder, name, read, content, call.lease.verify, syncs));
}

/**
 * Removes a file, only if it still holds what was read.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function removeAt(call: Call, place: Place, read: FileContent): Promise<Replaced> {
  if (call.dry !== undefined) return dryExchange(call, place, read, null);
  return exchangeAt(call, place, (folder, name) => removeFile(folder, name, read, call.lease.verify));
}

/**
 * Writes a file of ours whole, whatever stands there; its folder is left to {@link syncAt}.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function putAt(call: Call, place: Place, content: Buffer): Promise<void> {
  const read = readAt(call, place);
  if (read.kind === 'unreadable') unlinkAt(call, place);
  const replaced =
    read.kind === 'file'
      ? await replaceAt(call, place, read, content, false)
      : createAt(call, place, content, { syncs: false });
  if (replaced === false || (replaced !== true && replaced.kind === 'changed')) {
    throw new ForgeResumeError('LOCK_LOST', `${pathOf(call, place)} was written while the lock was held`);
  }
}

async function exchangeAt(
  call: Call,
  place: Place,
  action: (folder: Folder, name: string) => Promise<Replaced>,
): Promise<Replaced> {
  const root = call.lease.root();
  const folder = changing(`open the folder of ${pathOf(call, place)}`, () => openBelow(root, place.slice(0, -1)));
  if (folder === undefined) return { kind: 'changed' };
  try {
    return await action(folder, place.at(-1) ?? '');
  } finally {
    giveBack(root, folder);
  }
}

/** What {@link replaceAt} and {@link removeAt} plan where nothing is written. */
async function dryExchange(call: Call, place: Place, read: FileContent, content: Buffer | null): Promise<Replaced> {
  const now = readAt(call, place);
  if (now.kind !== 'file' || !now.bytes.equals(read.bytes)) return { kind: 'changed' };
  const seen = changing(`write ${pathOf(call, place)} anew`, () =>
    call.dry?.put(call.lease.root(), place, content, now.stat),
  );
  return { kind: 'replaced', seen: seen ?? sights.absent };
}
