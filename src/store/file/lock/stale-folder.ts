import type { BigIntStats } from 'node:fs';
import fs from 'fs-extra';
import { isAbandoned, type LockMode, seemsAbandoned } from '../../../rules/lock-token.ts';
import { protocol } from '../../../rules/protocol.ts';
import { closeFolder, type Folder, inside, openFolder } from '../files/folder.ts';
import { attempt, osCode } from '../files/io.ts';
import { monotonicMs } from '../files/monotonic.ts';
import { isStopped, processIdentity } from '../files/process-identity.ts';
import { giveBack, type Root } from '../files/root.ts';
import { isSameFile, readStateFile } from '../files/state-file.ts';
import { ensureOwnFolder } from './kernel-lock.ts';

const { lockFolder, lockOwner, breakingFolder } = protocol.files;
const { lockStaleMs } = protocol.limits;
const stickyBit = 0o1000;
const ownerBytes = 4_096;

/** Tells for how long, by the monotonic clock, a call has seen the same thing in the way, milliseconds. */
export type Watch = (sight: string) => number;

/** A watch that has seen nothing yet. */
export function makeWatch(): Watch {
  let seen: string | undefined;
  let since = 0;
  return (sight) => {
    const now = monotonicMs();
    if (sight !== seen) since = now;
    seen = sight;
    return now - since;
  };
}

/**
 * Removes the folder in the way if its holder is gone (src/store/file/README.md#lock).
 *
 * @param root - the state directory
 * @param mode - how the caller holds the lock so far
 * @param watch - for how long the call has seen it
 * @returns whether it is worth another try: `again` at once, `watched` once it has been seen untouched for long enough
 */
export function clearAbandoned(root: Root, mode: LockMode, watch: Watch): 'again' | 'busy' | 'watched' {
  const there = lookAt(root);
  if (there === undefined) return 'again';
  const folder = there.isDirectory() ? attempt(() => openFolder(root, lockFolder)) : undefined;
  try {
    // Judged and emptied through one descriptor: what somebody puts in its place meanwhile stands.
    const stat = folder?.stat ?? there;
    const token = folder && readOwner(folder);
    const ageMs = Date.now() - Number(stat.mtimeMs);
    const sticky = stat.isDirectory() && (Number(stat.mode) & stickyBit) !== 0;
    const watchedMs = watch(`${stat.ino} ${stat.mtimeNs} ${token}`);
    const found = { token, sticky, ageMs, watchedMs, isStopped };
    if (isAbandoned(found, processIdentity(), mode)) {
      const isGone =
        mode === 'kernel' ? takeAway(root, stat, folder) : breakAlone(root, () => takeAway(root, stat, folder));
      return isGone ? 'again' : 'busy';
    }
    if (seemsAbandoned(found, mode)) return 'watched';
    if (ageMs >= 0 || setToNow(root)) return 'busy';
    takeAway(root, stat, undefined);
    return 'again';
  } finally {
    if (folder !== undefined) closeFolder(folder);
  }
}

/**
 * Takes the lock folder away, as long as it is the one that was judged: emptied and removed, or, where that cannot be
 * done, under a name beside it.
 *
 * @param root - the state directory
 * @param stat - what was judged
 * @param folder - its descriptor, if it could be opened
 */
export function takeAway(root: Folder, stat: BigIntStats, folder: Folder | undefined): true {
  try {
    if (folder !== undefined) empty(folder);
    if (folder !== undefined && isStillThere(root, stat)) inside(root, (at) => fs.rmdirSync(at(lockFolder)));
    if (!stat.isDirectory() && isStillThere(root, stat)) inside(root, (at) => fs.unlinkSync(at(lockFolder)));
  } catch (error) {
    if (osCode(error) === 'ENOENT') return true;
  }
  if (isStillThere(root, stat)) {
    const hex = Math.floor(Math.random() * 0xffffffffffff).toString(16);
    inside(root, (at) => fs.renameSync(at(lockFolder), at(`${lockFolder}.${hex}`)));
  }
  return true;
}

/** The token in a lock folder, trimmed; undefined where there is none that can be read. */
export function readOwner(folder: Folder): string | undefined {
  const read = inside(folder, (at) => readStateFile(at(lockOwner), ownerBytes));
  return read.kind === 'file' ? read.bytes.toString('utf8').trim() : undefined;
}

/** Whether what stands at the lock's name is what was looked at before. */
export function isStillThere(root: Folder, stat: BigIntStats): boolean {
  const there = lookAt(root);
  return there !== undefined && isSameFile(there, stat);
}

const lookAt = (root: Folder): BigIntStats | undefined =>
  attempt(() => inside(root, (at) => fs.lstatSync(at(lockFolder), { bigint: true })));

/** Emptied, it looks young; the bit says to the next holder of the kernel lock that nobody has it. */
function empty(folder: Folder): void {
  attempt(() => fs.fchmodSync(folder.fd, 0o700 | stickyBit));
  try {
    inside(folder, (at) => fs.unlinkSync(at(lockOwner)));
  } catch (error) {
    if (osCode(error) !== 'ENOENT') throw error;
  }
}

/** A time ahead of the clock would never be old. */
function setToNow(root: Folder): boolean {
  const now = new Date();
  return attempt(() => inside(root, (at) => fs.lutimesSync(at(lockFolder), now, now)) ?? true) ?? false;
}

/** Without the kernel lock two breakers could both find the same folder stale, and the slower one take the faster one's. */
function breakAlone(root: Root, action: () => true): boolean {
  const own = ensureOwnFolder(root);
  try {
    return inside(own, (at) => {
      try {
        fs.mkdirSync(at(breakingFolder), 0o700);
      } catch (error) {
        if (osCode(error) !== 'EEXIST') throw error;
        const stat = attempt(() => fs.lstatSync(at(breakingFolder)));
        const isStale = stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > lockStaleMs;
        if (isStale) attempt(() => fs.rmdirSync(at(breakingFolder)));
        return false;
      }
      try {
        return action();
      } finally {
        attempt(() => fs.rmdirSync(at(breakingFolder)));
      }
    });
  } finally {
    giveBack(root, own);
  }
}
