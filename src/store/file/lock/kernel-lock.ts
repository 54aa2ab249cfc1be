import { join } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { protocol } from '../../../rules/protocol.ts';
import { type Folder, inside } from '../files/folder.ts';
import { attempt, osCode } from '../files/io.ts';
import { ensureBelow, giveBack, openBelow, type Root } from '../files/root.ts';
import { isSameFile } from '../files/state-file.ts';
import { theAddon } from './addon.ts';

const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;
const { ownFolder, kernelLock } = protocol.files;

/** Codes by which a file system says that it has no kernel locks: then the folder alone is the lock. */
const noKernelLocks = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'ENOLCK']);
/** Result of one attempt: a descriptor that holds the lock, somebody else's, or no kernel locks here. */
export type KernelLock =
  | { readonly kind: 'held'; readonly fd: number }
  /** The descriptor, if it is still good for another attempt. */
  | { readonly kind: 'busy'; readonly fd?: number }
  | { readonly kind: 'unsupported' };

/**
 * Tries once to take the kernel lock on a file that nobody ever unlinks (src/store/file/README.md#lock).
 *
 * @param root - the state directory; where our folder and the lock file are made
 * @param opened - the descriptor of an earlier attempt: many wait at once, and most attempts fail
 * @param brief - nothing is created: where the lock file is not there, it counts as busy
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE`
 */
export function tryKernelLock(root: Root, opened: number | undefined, brief: boolean): KernelLock {
  const locks = theAddon();
  if (locks === null) return { kind: 'unsupported' };
  const fd = opened ?? openLockFile(root, brief);
  if (fd === undefined) return { kind: 'busy' };
  try {
    locks.tryLock(fd, 0, 0, true);
    if (isStillLockFile(root, fd)) return { kind: 'held', fd };
    closeKernelLock(fd);
    return { kind: 'busy' };
  } catch (error) {
    const code = osCode(error);
    if (code === 'EAGAIN' || code === 'EACCES') return { kind: 'busy', fd };
    attempt(() => fs.closeSync(fd));
    if (noKernelLocks.has(code) || noKernelLocks.has(codeByNumber(error))) return { kind: 'unsupported' };
    throw new ForgeResumeError('IO', `could not lock ${join(root.path, ownFolder, kernelLock)}`, error);
  }
}

/**
 * Whether a descriptor is still the file at the lock's path: one that was removed and made anew protects nothing.
 *
 * @param root - the state directory
 * @param fd - the descriptor that holds the lock
 */
export function isStillLockFile(root: Folder, fd: number): boolean {
  return (
    attempt(() => {
      const there = inside(root, (at) => fs.lstatSync(join(at(ownFolder), kernelLock), { bigint: true }));
      return isSameFile(fs.fstatSync(fd, { bigint: true }), there);
    }) ?? false
  );
}

/** The addon names only the codes that Node knows; others have their number alone, somewhere. */
function codeByNumber(error: unknown): string {
  const { errno, message } = error as { readonly errno?: unknown; readonly message?: unknown };
  const number = typeof errno === 'number' ? errno : Number(/-?\d+$/.exec(String(message))?.[0]);
  const known = Object.entries(process.getBuiltinModule('node:os').constants.errno);
  return known.find(([, value]) => value === Math.abs(number))?.[0] ?? '';
}

/**
 * Gives the kernel lock back.
 *
 * @param fd - the descriptor that holds it
 */
export function closeKernelLock(fd: number): void {
  attempt(() => theAddon()?.unlock(fd, 0, 0));
  attempt(() => fs.closeSync(fd));
}

/**
 * Our folder in a state directory, made if it is not there.
 *
 * @param root - the state directory, whose mode it takes
 */
export function ensureOwnFolder(root: Root): Folder {
  return ensureBelow(root, [ownFolder], folderMode(root));
}

/** The mode of our folders: those that share the project share them. */
export const folderMode = ({ stat }: Folder): number => (Number(stat.mode) & 0o770) | 0o700;
/** The mode of our files. */
export const fileMode = ({ stat }: Folder): number => (Number(stat.mode) & 0o660) | 0o600;

function openLockFile(root: Root, brief: boolean): number | undefined {
  const path = join(root.path, ownFolder, kernelLock);
  let own: Folder | undefined;
  let fd: number | undefined;
  try {
    own = brief ? openBelow(root, [ownFolder]) : ensureOwnFolder(root);
    if (own === undefined) return undefined;
    // A raw descriptor: a FileHandle may be collected, and the lock would go with it.
    fd = inside(own, (at) => openOrMake(at(kernelLock), brief ? undefined : fileMode(root)));
    if (fd === undefined) return undefined;
    if (!fs.fstatSync(fd).isFile()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is no regular file`);
    return fd;
  } catch (error) {
    if (fd !== undefined) fs.closeSync(fd);
    if (error instanceof ForgeResumeError) throw error;
    if (osCode(error) === 'ELOOP') throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`, error);
    if (osCode(error) === 'EISDIR') throw new ForgeResumeError('STATE_UNSAFE', `${path} is a folder`, error);
    throw new ForgeResumeError('IO', `could not open ${path}`, error);
  } finally {
    if (own !== undefined) giveBack(root, own);
  }
}

function openOrMake(path: string, mode: number | undefined): number | undefined {
  const flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK;
  for (;;) {
    try {
      return fs.openSync(path, flags);
    } catch (error) {
      if (osCode(error) !== 'ENOENT') throw error;
    }
    if (mode === undefined) return undefined;
    try {
      const fd = fs.openSync(path, flags | O_CREAT | O_EXCL, mode);
      attempt(() => fs.fchmodSync(fd, mode));
      return fd;
    } catch (error) {
      if (osCode(error) !== 'EEXIST') throw error;
    }
  }
}
