import { join } from 'node:path';
import fs from 'fs-extra';
import { formatLockToken, isAbandoned, type LockMode } from '../../../rules/lock-token.ts';
import { protocol } from '../../../rules/protocol.ts';
import { ensureFolder, needsOwner, type Ownership, removeTree, uniqueName } from '../files/durable.ts';
import { attempt, changing, osCode } from '../files/io.ts';
import type { StatePaths } from '../files/paths.ts';
import { isHolderAlive, processIdentity } from '../files/process-identity.ts';
import { readStateFile } from '../files/state-file.ts';
import type { LockNotes } from './lock-notes.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_DIRECTORY = 0 } = fs.constants;
/** The bit by which an owner-less folder is known as one of a kernel lock's holder (protocol.md, "Lock"). */
const stickyMode = 0o1700;
const stickyBit = 0o1000;

/** The lock folder as we made it. */
export interface HeldFolder {
  /** Descriptor of the folder itself, which never becomes a successor's. */
  readonly fd: number;
  readonly ino: number;
  readonly token: string;
}

/** What stands where the lock folder would. */
interface Sight {
  readonly ino: number;
  readonly mtimeMs: number;
  readonly sticky: boolean;
  readonly token: string | undefined;
}

/**
 * Tries once to make the lock folder, first removing one whose holder is gone.
 *
 * @param paths - the state directory
 * @param mode - whether the kernel lock is held too
 * @param like - whose the folder must be, if we may say so
 * @param notes - what earlier attempts saw; undefined without the kernel lock
 * @returns undefined if somebody holds it
 * @throws ForgeResumeError `IO`
 */
export function tryLockFolder(
  paths: StatePaths,
  mode: LockMode,
  like: Ownership,
  notes: LockNotes | undefined,
): HeldFolder | undefined {
  return changing('make the lock folder', () => {
    for (let round = 0; round < 3; round += 1) {
      const held = makeFolder(paths, mode, like);
      if (held !== undefined) return held;
      if (!clearAbandoned(paths, mode, like, notes)) return undefined;
    }
    return undefined;
  });
}

/**
 * Whether the lock folder is still the one that we made, with our token in it.
 *
 * @param paths - the state directory
 * @param held - what {@link tryLockFolder} returned
 */
export function isStillOurs(paths: StatePaths, held: HeldFolder): boolean {
  const there = look(paths);
  return there !== undefined && there.ino === held.ino && there.token === held.token;
}

/**
 * Removes the lock folder, if it is still ours. Never throws.
 *
 * @param paths - the state directory
 * @param held - what {@link tryLockFolder} returned
 */
export function removeLockFolder(paths: StatePaths, held: HeldFolder): void {
  attempt(() => {
    if (isStillOurs(paths, held)) removeFolder(paths);
    else disown(paths, held);
  });
  attempt(() => fs.closeSync(held.fd));
}

/**
 * Tells older runtimes that the holder lives.
 *
 * @param held - what {@link tryLockFolder} returned
 */
export function touchLockFolder(held: HeldFolder): void {
  const now = new Date();
  attempt(() => fs.futimesSync(held.fd, now, now));
}

function makeFolder(paths: StatePaths, mode: LockMode, like: Ownership): HeldFolder | undefined {
  try {
    // Without the kernel lock the bit would let a holder of it take an owner-less folder from under us.
    fs.mkdirSync(paths.lockFolder, mode === 'kernel' ? stickyMode : 0o700);
  } catch (error) {
    if (osCode(error) === 'EEXIST') return undefined;
    throw error;
  }
  let fd = -1;
  try {
    fd = fs.openSync(paths.lockFolder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    // Elsewhere mkdir(2) drops the bit.
    if (mode === 'kernel' && process.platform !== 'linux') fs.fchmodSync(fd, stickyMode);
    if (needsOwner(like)) fs.fchownSync(fd, like.uid, like.gid);
    const hex = Math.floor(Math.random() * 0xffffffffffff).toString(16);
    const token = formatLockToken(processIdentity(), mode, Date.now(), hex);
    writeOwner(paths.lockOwner, token, like);
    return { fd, ino: fs.fstatSync(fd).ino, token };
  } catch (error) {
    attempt(() => fs.closeSync(fd));
    // Stopped for so long that the folder was taken for stale: what stands there now is somebody else's.
    if (osCode(error) === 'EEXIST' || osCode(error) === 'ENOENT') return undefined;
    attempt(() => removeFolder(paths));
    throw error;
  }
}

function writeOwner(path: string, token: string, like: Ownership): void {
  const fd = fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    fs.writeSync(fd, token);
    if (needsOwner(like)) fs.fchownSync(fd, like.uid, like.gid);
  } finally {
    fs.closeSync(fd);
  }
}

/** Removes the folder in the way if its holder is gone; says whether it is worth another try. */
function clearAbandoned(paths: StatePaths, mode: LockMode, like: Ownership, notes: LockNotes | undefined): boolean {
  const sight = look(paths);
  if (sight === undefined) return true;
  const found = {
    token: sight.token,
    sticky: sight.sticky,
    ageMs: Date.now() - sight.mtimeMs,
    unchangedMs: notes?.unchangedMs(`${sight.ino} ${sight.mtimeMs} ${sight.token}`) ?? 0,
    shared: notes?.shared ?? false,
    holderAlive: isHolderAlive,
  };
  if (!isAbandoned(found, processIdentity(), mode === 'kernel')) return false;
  return claim(paths, sight, like);
}

/**
 * Takes an abandoned folder away under a name of its own, then checks what was taken: of two that found it
 * abandoned, the slower one may hold the faster one's new folder in its hands, and puts it back.
 */
function claim(paths: StatePaths, sight: Sight, like: Ownership): boolean {
  const now = look(paths);
  if (now === undefined) return true;
  if (!isSameSight(now, sight)) return false;
  ensureFolder(paths.temp, 0o700, like);
  const away = uniqueName(paths.temp, 'lock');
  try {
    fs.renameSync(paths.lockFolder, away);
  } catch (error) {
    if (osCode(error) === 'ENOENT') return true;
    throw error;
  }
  const taken = lookAt(away);
  if (taken !== undefined && !isSameSight(taken, sight)) {
    putBack(paths, away);
    return false;
  }
  removeTree(away);
  return true;
}

/** File systems give an inode away again at once: only with the time is it the same folder. */
const isSameSight = (a: Sight, b: Sight): boolean => a.ino === b.ino && a.mtimeMs === b.mtimeMs && a.token === b.token;

/** Gives a lock that was taken by mistake back to its holder, unless a third one has it by now. */
function putBack(paths: StatePaths, away: string): void {
  attempt(() => {
    if (look(paths) !== undefined) return;
    const taken = lookAt(away);
    fs.renameSync(away, paths.lockFolder);
    if (taken?.token !== undefined) removeIfOwnerless(paths, taken.ino);
  });
  attempt(() => removeTree(away));
}

/**
 * Takes the token out of a folder that was taken away from us and not removed: put back later, it would name a live
 * process that does not hold it. Whoever of the two comes second removes the folder.
 */
function disown(paths: StatePaths, held: HeldFolder): void {
  if (fs.fstatSync(held.fd).nlink === 0) return;
  const owner = join(`/proc/self/fd/${held.fd}`, protocol.files.lockOwner);
  const read = readStateFile(owner, 4_096);
  // Somebody else's token in our folder makes it theirs.
  if (read.kind !== 'file' || read.bytes.toString('utf8').trim() !== held.token) return;
  attempt(() => fs.unlinkSync(owner));
  removeIfOwnerless(paths, held.ino);
}

function removeIfOwnerless(paths: StatePaths, ino: number): void {
  const there = look(paths);
  if (there?.ino === ino && there.token === undefined) attempt(() => fs.rmdirSync(paths.lockFolder));
}

function removeFolder(paths: StatePaths): void {
  attempt(() => fs.unlinkSync(paths.lockOwner));
  try {
    fs.rmdirSync(paths.lockFolder);
  } catch (error) {
    if (osCode(error) === 'ENOTEMPTY') removeTree(paths.lockFolder);
    else throw error;
  }
}

const look = (paths: StatePaths): Sight | undefined => lookAt(paths.lockFolder);

function lookAt(folder: string): Sight | undefined {
  const stat = attempt(() => fs.lstatSync(folder));
  if (stat === undefined) return undefined;
  const owner = stat.isDirectory() ? readStateFile(join(folder, protocol.files.lockOwner), 4_096) : undefined;
  return {
    ino: stat.ino,
    mtimeMs: stat.mtimeMs,
    sticky: stat.isDirectory() && (stat.mode & stickyBit) !== 0,
    token: owner?.kind === 'file' ? owner.bytes.toString('utf8').trim() : undefined,
  };
}
