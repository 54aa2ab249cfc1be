import { lstatSync, mkdirSync, readdirSync, type Stats, statSync, unlinkSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { OpenRecording } from './file-sink.ts';
import { createFile } from './open-file.ts';
import { isOurRecording, isOwn } from './our-file.ts';
import { randomHex } from './random-hex.ts';

/** How many recordings a folder keeps, and how many bytes of them. */
export const folderLimits = { files: 200, bytes: 20_000_000 } as const;
/** What is left of the limits once a folder was full: so it is not full again with the next recording. */
const leftShare = 0.9;
/** Most that a process writes between two looks at its folder: others write there as well. A full folder has as much room. */
const unseen = { files: 20, bytes: 2_000_000 } as const;

/** Names that we give: the instant, colons as `-`, the process, six hex digits. */
const ourName = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z-\d+-[0-9a-f]{6}\.jsonl$/;

/**
 * Opens a new file for one recording in a folder of ours, which is made if needed. When the recording is over and
 * the folder holds more than {@link folderLimits}, the oldest tenth goes; nothing but recordings of ours ever goes.
 *
 * @param folder - the folder
 * @param at - the instant of the call
 * @throws Error where the folder is another user's, or something cannot be made
 */
export function openInFolder(folder: string, at: Date): OpenRecording {
  if (!isOwn(statSync(folder, { throwIfNoEntry: false }) ?? makeFolder(folder)))
    throw new Error(`${folder} belongs to another user`);
  const instant = at.toISOString().replaceAll(':', '-');
  const name = `${instant}-${process.pid}-${randomHex(6)}.jsonl`;
  const path = join(folder, name);
  const closed = (size: number): void => {
    sizes.set(path, size);
    if (mayBeFull(folder, size)) removeOldest(folder);
  };
  return { fd: createFile(path), closed };
}

function makeFolder(folder: string): Stats {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return statSync(folder);
}

/** Sizes of recordings that are over, by their paths: they do not change, and a host makes many calls. */
let sizes = new Map<string, number>();
/** A recording is over when it was last written so long ago, milliseconds. */
const overMs = 60_000;

/** How much may still be written into the folder that was looked at last, before it is looked at again. */
let room = { folder: '', files: 0, bytes: 0 };

function mayBeFull(folder: string, size: number): boolean {
  if (room.folder !== folder || room.files < 1 || room.bytes < size) return true;
  room = { folder, files: room.files - 1, bytes: room.bytes - size };
  return false;
}

function removeOldest(folder: string): void {
  const names = readdirSync(folder).filter((name) => ourName.test(name));
  const start = join(folder, sep);
  const known = new Map<string, number>();
  const found: { readonly path: string; readonly size: number }[] = [];
  for (const name of names.sort().reverse()) {
    const path = `${start}${name}`;
    const size = sizes.get(path) ?? look(path, known);
    if (size === undefined) continue;
    if (sizes.has(path)) known.set(path, size);
    found.push({ path, size });
  }
  sizes = known;
  const bytes = found.reduce((sum, { size }) => sum + size, 0);
  const isFull = found.length > folderLimits.files || bytes > folderLimits.bytes;
  const left = isFull ? keepNewest(found) : { files: found.length, bytes };
  room = {
    folder,
    files: Math.min(unseen.files, folderLimits.files - left.files),
    bytes: Math.min(unseen.bytes, folderLimits.bytes - left.bytes),
  };
}

/** Removes what is too old, and says how much is left. */
function keepNewest(found: readonly { readonly path: string; readonly size: number }[]) {
  const left = { files: 0, bytes: 0 };
  let isFull = false;
  for (const { path, size } of found) {
    isFull ||= left.files + 1 > folderLimits.files * leftShare || left.bytes + size > folderLimits.bytes * leftShare;
    if (isFull && isOurRecording(path)) {
      remove(path);
      continue;
    }
    left.files += 1;
    left.bytes += size;
  }
  return left;
}

function look(path: string, known: Map<string, number>): number | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || !isOwn(stat)) return undefined;
  if (Date.now() - stat.mtimeMs > overMs) known.set(path, stat.size);
  return stat.size;
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another call of this instant was first; what cannot be removed is left.
  }
}
