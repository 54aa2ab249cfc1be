import { lstatSync, mkdirSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenRecording } from './file-sink.ts';
import { createFile } from './open-file.ts';
import { isOurRecording, isOwn } from './our-file.ts';
import { randomHex } from './random-hex.ts';

/** How many recordings a folder keeps, and how many bytes of them. */
export const folderLimits = { files: 200, bytes: 20_000_000 } as const;

/** Names that we give: the instant, colons as `-`, the process, six hex digits. */
const ourName = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}\.\d{3}Z-\d+-[0-9a-f]{6}\.jsonl$/;

/**
 * Opens a new file for one recording in a folder of ours, which is made if needed. When the recording is over, the
 * oldest ones go until no more than {@link folderLimits} are left; nothing but recordings of ours ever goes.
 *
 * @param folder - the folder
 * @param at - the instant of the call
 * @throws Error where the folder is another user's, or something cannot be made
 */
export function openInFolder(folder: string, at: Date): OpenRecording {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(statSync(folder))) throw new Error(`${folder} belongs to another user`);
  const instant = at.toISOString().replaceAll(':', '-');
  const name = `${instant}-${process.pid}-${randomHex(6)}.jsonl`;
  const path = join(folder, name);
  const closed = (size: number): void => {
    sizes.set(path, size);
    removeOldest(folder);
  };
  return { fd: createFile(path), closed };
}

/** Sizes of recordings that are over, by their paths: they do not change, and a host makes many calls. */
let sizes = new Map<string, number>();
/** A recording is over when it was last written so long ago, milliseconds. */
const overMs = 60_000;

function removeOldest(folder: string): void {
  const names = readdirSync(folder).filter((name) => ourName.test(name));
  const known = new Map<string, number>();
  let files = 0;
  let bytes = 0;
  for (const name of names.sort().reverse()) {
    const path = join(folder, name);
    const size = sizes.get(path) ?? look(path, known);
    if (size === undefined) continue;
    if (sizes.has(path)) known.set(path, size);
    files += 1;
    bytes += size;
    if ((files > folderLimits.files || bytes > folderLimits.bytes) && isOurRecording(path)) remove(path);
  }
  sizes = known;
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
