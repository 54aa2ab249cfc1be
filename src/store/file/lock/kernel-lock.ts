import { createRequire } from 'node:module';
import { join } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { needsOwner, type Ownership } from '../files/durable.ts';
import { attempt, osCode } from '../files/io.ts';

const { O_RDWR, O_CREAT, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;

/** The addon's own functions, below its JavaScript. */
interface Addon {
  tryLock(fd: number, offset: number, length: number, exclusive: boolean): void;
  unlock(fd: number, offset: number, length: number): void;
}

/** Codes by which a file system says that it has no kernel locks: then the folder alone is the lock. */
const noKernelLocks = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

/** Result of one attempt: a descriptor that holds the lock, somebody else's, or no kernel locks here. */
export type KernelLock =
  | { readonly kind: 'held'; readonly fd: number }
  /** The descriptor, if it is still good for another attempt. */
  | { readonly kind: 'busy'; readonly fd?: number }
  | { readonly kind: 'unsupported' };

let addon: Addon | null | undefined;

/**
 * Tries once to take the kernel lock on a file that nobody ever unlinks (protocol.md, "Lock").
 *
 * @param path - the lock file; created if it is not there
 * @param like - whose the file must be, if we may say so
 * @param opened - the descriptor of an earlier attempt: many wait at once, and most attempts fail
 * @param file - whether the lock file is created if it is not there; else the lock counts as busy
 * @throws ForgeResumeError `IO`, `STATE_UNSAFE`
 */
export function tryKernelLock(
  path: string,
  like: Ownership,
  opened: number | undefined,
  file: 'any' | 'existing',
): KernelLock {
  const locks = theAddon();
  if (locks === null) return { kind: 'unsupported' };
  const fd = opened ?? openLockFile(path, like, file);
  if (fd === undefined) return { kind: 'busy' };
  try {
    locks.tryLock(fd, 0, 0, true);
    if (isStillLockFile(fd, path)) return { kind: 'held', fd };
    closeKernelLock(fd);
    return { kind: 'busy' };
  } catch (error) {
    const code = osCode(error);
    if (code === 'EAGAIN' || code === 'EACCES') return { kind: 'busy', fd };
    attempt(() => fs.closeSync(fd));
    if (noKernelLocks.has(code)) return { kind: 'unsupported' };
    throw new ForgeResumeError('IO', 'could not lock the lock file', error);
  }
}

/**
 * Whether a descriptor is still the file at the lock's path: one that was removed and made anew protects nothing.
 *
 * @param fd - the descriptor that holds the lock
 * @param path - the lock file
 */
export function isStillLockFile(fd: number, path: string): boolean {
  return (
    attempt(() => {
      const held = fs.fstatSync(fd);
      const there = fs.lstatSync(path);
      return held.nlink === 1 && held.ino === there.ino && held.dev === there.dev;
    }) ?? false
  );
}

/**
 * Gives the kernel lock back.
 *
 * @param fd - the descriptor that holds it
 */
export function closeKernelLock(fd: number): void {
  attempt(() => addon?.unlock(fd, 0, 0));
  attempt(() => fs.closeSync(fd));
}

function openLockFile(path: string, like: Ownership, file: 'any' | 'existing'): number | undefined {
  let fd: number;
  try {
    // A raw descriptor: a FileHandle may be collected, and the lock would go with it.
    fd = fs.openSync(path, O_RDWR | (file === 'any' ? O_CREAT : 0) | O_NOFOLLOW | O_NONBLOCK, 0o600);
  } catch (error) {
    if (file === 'existing' && osCode(error) === 'ENOENT') return undefined;
    if (osCode(error) === 'ELOOP') throw new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`, error);
    if (osCode(error) === 'EISDIR') throw new ForgeResumeError('STATE_UNSAFE', `${path} is a folder`, error);
    throw new ForgeResumeError('IO', 'could not open the lock file', error);
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new ForgeResumeError('STATE_UNSAFE', `${path} is no regular file`);
    // Another name of it may be somebody else's file: neither lock it nor give it away.
    if (stat.nlink > 1) throw new ForgeResumeError('STATE_UNSAFE', `${path} has other names`);
    if (needsOwner(like) && stat.uid !== like.uid) fs.fchownSync(fd, like.uid, like.gid);
    return fd;
  } catch (error) {
    attempt(() => fs.closeSync(fd));
    throw error instanceof ForgeResumeError ? error : new ForgeResumeError('IO', 'could not use the lock file', error);
  }
}

/** Whether the addon is there; loads it where it is not loaded yet. */
export function hasKernelLocks(): boolean {
  return theAddon() !== null;
}

function theAddon(): Addon | null {
  addon = addon === undefined ? loadAddon() : addon;
  return addon;
}

/**
 * Loads the prebuilt addon by its path, where packages are looked for, which costs a small part of what its package
 * entry costs; else by the entry.
 */
function loadAddon(): Addon | null {
  const require = createRequire(import.meta.url);
  const name = 'fs-native-extensions';
  const prebuilt = join(name, 'prebuilds', `${process.platform}-${process.arch}`, `${name}.node`);
  const found = require.resolve
    .paths(name)
    ?.map((folder) => join(folder, prebuilt))
    .find((file) => fs.existsSync(file));
  return (
    (found === undefined ? undefined : attempt(() => asAddon(openAddon(found)))) ??
    attempt(() => asAddon(require(`${name}/binding`))) ??
    null
  );
}

function openAddon(file: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}

function asAddon(loaded: unknown): Addon | undefined {
  const { tryLock, unlock } = loaded as Partial<Addon>;
  return typeof tryLock === 'function' && typeof unlock === 'function' ? { tryLock, unlock } : undefined;
}
