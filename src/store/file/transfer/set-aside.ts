import { sep } from 'node:path';
import fs from 'fs-extra';
import { protocol } from '../../../rules/protocol.ts';
import { inside } from '../files/folder.ts';
import { attempt } from '../files/io.ts';
import { giveBack, openBelow } from '../files/root.ts';
import { type FileContent, sightOf } from '../files/state-file.ts';
import type { Call } from './call.ts';
import { unlinkAt } from './clear-at.ts';
import type { Place } from './place.ts';
import { keep } from './quarantine.ts';
import { readAt, statAt } from './read-at.ts';
import { removeAt } from './write-at.ts';

/** Largest file that is kept, bytes. */
const mostBytes = protocol.limits.journalBytes;

/** What is to be set aside. */
export interface Ill {
  readonly place: Place;
  /** What it looked like when it was judged: anything else stays. */
  readonly sight: string;
  /** Under which name it is kept. */
  readonly name: string;
}

/**
 * Takes something out of the way that was judged ill: its bytes go to quarantine first, of a link where it leads
 * (src/store/file/README.md#what-is-mended).
 *
 * @param call - a call that holds the lock
 * @param ill - what
 * @returns where its bytes are kept; null for what has none
 * @throws Error where it is not what was judged, or is kept in no way; ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function setAside(call: Call, ill: Ill): Promise<string | null> {
  const path = [call.paths.stateDir, ...ill.place].join(sep);
  const stat = statAt(call, ill.place);
  if (stat === undefined || sightOf(stat) !== ill.sight) throw moved(path);
  if (stat.isFile()) {
    const { kept, read } = keepFile(call, ill);
    const removed = await removeAt(call, ill.place, read);
    if (removed.kind === 'changed') throw moved(path);
    if (removed.late !== undefined) keep(call, ill.name, removed.late);
    if (removed.syncError !== undefined) throw removed.syncError;
    return kept;
  }
  const leadsTo = stat.isSymbolicLink() ? linkAt(call, ill.place) : undefined;
  if (leadsTo === undefined && !stat.isFIFO()) throw new Error(`${path} is kept in no way; move it away by hand`);
  const kept = leadsTo === undefined ? null : keep(call, ill.name, leadsTo);
  const now = statAt(call, ill.place);
  if (now === undefined || sightOf(now) !== ill.sight) throw moved(path);
  unlinkAt(call, ill.place);
  return kept;
}

/**
 * Keeps a file's bytes, before somebody changes it.
 *
 * @param call - a call that holds the lock
 * @param ill - which file
 * @returns where they are kept, and the file as it was read
 * @throws as {@link setAside}
 */
export function keepFile(
  call: Call,
  { place, sight, name }: Ill,
): { readonly kept: string; readonly read: FileContent } {
  const path = [call.paths.stateDir, ...place].join(sep);
  const read = readAt(call, place, mostBytes);
  if (read.kind !== 'file') throw new Error(`${path} cannot be read, so that it cannot be kept; see who may read it`);
  if (sightOf(read.stat) !== sight) throw moved(path);
  return { kept: keep(call, name, read.bytes, Number(read.stat.mode) & 0o777), read };
}

const moved = (path: string): Error => new Error(`${path} has changed meanwhile; look again`);

/** Where a link leads. */
function linkAt(call: Call, place: Place): Buffer | undefined {
  const root = call.lease.root();
  const folder = openBelow(root, place.slice(0, -1));
  if (folder === undefined) return undefined;
  try {
    return attempt(() => inside(folder, (at) => fs.readlinkSync(at(place.at(-1) ?? ''), { encoding: 'buffer' })));
  } finally {
    giveBack(root, folder);
  }
}
