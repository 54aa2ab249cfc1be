import type { BigIntStats } from 'node:fs';
import fs from 'fs-extra';
import { formatLockToken, type LockMode } from '../../../rules/lock-token.ts';
import { protocol } from '../../../rules/protocol.ts';
import { closeFolder, type Folder, inside, openFolder } from '../files/folder.ts';
import { attempt, changing, osCode } from '../files/io.ts';
import { processIdentity } from '../files/process-identity.ts';
import type { Root } from '../files/root.ts';
import { isSameFile } from '../files/state-file.ts';
import { clearAbandoned, isStillThere, takeAway, type Watch } from './stale-folder.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = fs.constants;
const { lockFolder, lockOwner } = protocol.files;
/** The bit by which an owner-less folder is known as one of a kernel lock's holder (src/store/file/README.md#lock). */
const stickyMode = 0o1700;

/** The lock folder as we made it. */
export interface HeldFolder {
  readonly folder: Folder;
  /** The file with our token. */
  readonly owner: BigIntStats;
}

/**
 * Tries once to make the lock folder, first removing one whose holder is gone.
 *
 * @param root - the state directory
 * @param mode - whether the kernel lock is held too
 * @param watch - for how long the call has seen what is in the way
 * @returns `busy` if somebody holds it, `watched` if whoever held it seems gone, which takes some seconds to be sure of
 * @throws ForgeResumeError `IO`
 */
export function tryLockFolder(root: Root, mode: LockMode, watch: Watch): HeldFolder | 'busy' | 'watched' {
  return changing(`make ${root.path}/${lockFolder}`, () => {
    for (let round = 0; round < 3; round += 1) {
      const held = makeFolder(root, mode);
      if (held !== undefined) return held;
      const cleared = clearAbandoned(root, mode, watch);
      if (cleared !== 'again') return cleared;
    }
    return 'busy';
  });
}

/**
 * Whether the lock folder is still the one that we made, with our token in it.
 *
 * @param root - the state directory
 * @param held - what {@link tryLockFolder} returned
 */
export function isStillOurs(root: Folder, { folder, owner }: HeldFolder): boolean {
  const there = attempt(() => inside(folder, (at) => fs.lstatSync(at(lockOwner), { bigint: true })));
  return isStillThere(root, folder.stat) && there?.mtimeNs === owner.mtimeNs && isSameFile(there, owner);
}

/**
 * Removes the lock folder, if it is still ours. Never throws.
 *
 * @param root - the state directory
 * @param held - what {@link tryLockFolder} returned
 */
export function removeLockFolder(root: Folder, held: HeldFolder): void {
  attempt(() => {
    if (isStillOurs(root, held)) takeAway(root, held.folder.stat, held.folder);
  });
  closeFolder(held.folder);
}

/**
 * Tells older runtimes that the holder lives.
 *
 * @param held - what {@link tryLockFolder} returned
 */
export function touchLockFolder({ folder }: HeldFolder): void {
  const now = new Date();
  attempt(() => (folder.fd === -1 ? fs.utimesSync(folder.path, now, now) : fs.futimesSync(folder.fd, now, now)));
}

function makeFolder(root: Root, mode: LockMode): HeldFolder | undefined {
  try {
    // Without the kernel lock the bit would let a holder of it take an owner-less folder from under us.
    inside(root, (at) => fs.mkdirSync(at(lockFolder), mode === 'kernel' ? stickyMode : 0o700));
  } catch (error) {
    if (osCode(error) === 'EEXIST') return undefined;
    throw error;
  }
  let folder: Folder | undefined;
  try {
    folder = openFolder(root, lockFolder);
    // Elsewhere mkdir(2) drops the bit.
    if (mode === 'kernel' && process.platform === 'darwin') fs.fchmodSync(folder.fd, stickyMode);
    const hex = Math.floor(Math.random() * 0xffffffffffff).toString(16);
    const token = formatLockToken(processIdentity(), mode, Date.now(), hex);
    return { folder, owner: writeOwner(folder, token) };
  } catch (error) {
    // Stopped for so long that the folder was taken for stale: what stands there now is somebody else's.
    const isTaken = ['EEXIST', 'ENOENT', 'ENOTDIR'].includes(osCode(error));
    if (folder !== undefined) {
      const { stat } = folder;
      if (!isTaken) attempt(() => takeAway(root, stat, folder));
      closeFolder(folder);
    }
    if (isTaken) return undefined;
    throw error;
  }
}

function writeOwner(folder: Folder, token: string): BigIntStats {
  const fd = inside(folder, (at) => fs.openSync(at(lockOwner), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600));
  try {
    fs.writeSync(fd, token);
    return fs.fstatSync(fd, { bigint: true });
  } finally {
    fs.closeSync(fd);
  }
}
