import type { BigIntStats } from 'node:fs';
import { sep } from 'node:path';
import fs from 'fs-extra';
import { ForgeResumeError } from '../../../errors.ts';
import { attempt, isAbsence, osCode } from './io.ts';
import { isSameFile } from './state-file.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_DIRECTORY = 0 } = fs.constants;
const isWindows = process.platform === 'win32';

/**
 * A folder held by its descriptor: whatever somebody puts in its place meanwhile, what is done {@link inside} is done
 * in this one (src/store/file/README.md#reaching-files-safely).
 */
export interface Folder {
  /** -1 where folders cannot be opened. */
  readonly fd: number;
  /** Its path in plain words, for messages and where descriptors have no paths. */
  readonly path: string;
  readonly stat: BigIntStats;
}

/** Codes by which a system says that it cannot sync, or that we may not; that is no error. */
const cannotSync = new Set([
  'EINVAL',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EISDIR',
  'EPERM',
  'EBADF',
  'ERR_ACCESS_DENIED',
]);

/** Whether what lies in a folder can be named by its descriptor; found out at the first use. */
let hasDescriptorPaths: boolean | undefined;

/**
 * Opens a folder in another one; what is a link is refused.
 *
 * @param parent - where it lies
 * @param name - its name
 * @throws ForgeResumeError `STATE_UNSAFE`; the system's error where it is not there
 */
export function openFolder(parent: Folder, name: string): Folder {
  const path = pathIn(parent, name);
  return inside(parent, (at) => {
    try {
      return holdFolder(at(name), path, O_NOFOLLOW);
    } catch (error) {
      // A link says so by another code.
      const isLink = osCode(error) !== 'ENOENT' && attempt(() => fs.lstatSync(at(name)))?.isSymbolicLink();
      throw isLink ? new ForgeResumeError('STATE_UNSAFE', `${path} is a symbolic link`) : error;
    }
  });
}

/**
 * Opens a folder in another one, and makes it if it is not there, durably.
 *
 * @param parent - where it lies
 * @param name - its name
 * @param mode - permission bits of a new one, whatever the umask says
 */
export function ensureFolder(parent: Folder, name: string, mode: number): Folder {
  try {
    return openFolder(parent, name);
  } catch (error) {
    if (osCode(error) !== 'ENOENT') throw error;
  }
  makeFolders(parent, [name], mode);
  return openFolder(parent, name);
}

/**
 * Makes folders in another one that are not there, and makes that durable at once.
 *
 * @param parent - where they lie
 * @param names - their names
 * @param mode - permission bits of new ones, whatever the umask says
 */
export function makeFolders(parent: Folder, names: readonly string[], mode: number): void {
  const made = names.filter((name) => isNew(parent, name, mode));
  for (const name of made) {
    const folder = openFolder(parent, name);
    // Bits beyond the permissions, such as the one that hands the group on, stay.
    const wanted = (Number(folder.stat.mode) & 0o7000) | mode;
    if (folder.fd !== -1 && (Number(folder.stat.mode) & 0o777) !== mode)
      attempt(() => fs.fchmodSync(folder.fd, wanted));
    closeFolder(folder);
  }
  if (made.length > 0) sync(parent.fd);
}

function isNew(parent: Folder, name: string, mode: number): boolean {
  return inside(parent, (at) => {
    try {
      fs.mkdirSync(at(name), mode);
      return true;
    } catch (error) {
      if (osCode(error) !== 'EEXIST') throw error;
      return false;
    }
  });
}

/** The plain path of what lies in a folder, for messages. */
export const pathIn = ({ path }: Folder, name: string): string => path + sep + name;

/** Gives a folder's descriptor back. */
export function closeFolder({ fd }: Folder): void {
  if (fd !== -1) attempt(() => fs.closeSync(fd));
}

/**
 * Does something to what lies in a folder, wherever the folder is by now.
 *
 * @param folder - the folder
 * @param action - the calls, which must not wait; gets what turns a name into a path
 * @throws whatever the calls throw, its message with plain paths; ForgeResumeError `STATE_UNSAFE` where descriptors have
 * no paths and another folder stands there
 */
export function inside<T>(folder: Folder, action: (at: (name: string) => string) => T): T {
  hasDescriptorPaths ??= mayWriteByDescriptor() && leadsTo(`/proc/self/fd/${folder.fd}/.`, folder);
  if (hasDescriptorPaths) {
    const base = `/proc/self/fd/${folder.fd}/`;
    try {
      return action((name) => base + name);
    } catch (error) {
      throw inPlainWords(error, base, folder.path + sep);
    }
  }
  refuseOther(folder);
  try {
    return action((name) => folder.path + sep + name);
  } finally {
    refuseOther(folder);
  }
}

/**
 * Makes a file's content or a folder's entries durable.
 *
 * @param fd - its descriptor
 * @returns false where that cannot be done
 */
export function sync(fd: number): boolean {
  if (fd === -1) return false;
  try {
    fs.fsyncSync(fd);
    return true;
  } catch (error) {
    if (cannotSync.has(osCode(error))) return false;
    throw error;
  }
}

/**
 * Opens a folder.
 *
 * @param at - where it is reached
 * @param path - its path in plain words
 * @param flags - beside those that ask for a folder
 * @throws the system's error
 */
export function holdFolder(at: string, path: string, flags: number): Folder {
  if (isWindows) return { fd: -1, path, stat: fs.lstatSync(path, { bigint: true }) };
  const fd = fs.openSync(at, O_RDONLY | O_DIRECTORY | flags);
  try {
    return { fd, path, stat: fs.fstatSync(fd, { bigint: true }) };
  } catch (error) {
    fs.closeSync(fd);
    throw error;
  }
}

/** Node's permission model goes by paths, and lets us look through such a one, but not write. */
const mayWriteByDescriptor = (): boolean => process.permission?.has('fs.write', '/proc/self/fd') ?? true;

const leadsTo = (path: string, folder: Folder): boolean =>
  attempt(() => isSameFile(fs.statSync(path, { bigint: true }), folder.stat)) ?? false;

function refuseOther(folder: Folder): void {
  if (!leadsTo(folder.path, folder)) throw new ForgeResumeError('STATE_UNSAFE', `${folder.path} was exchanged`);
}

function inPlainWords(error: unknown, base: string, plain: string): unknown {
  if (!(error instanceof Error)) return error;
  // Spelling out where it was thrown takes longer than the call that failed; that nothing stands there is an answer.
  const texts = isAbsence(error)
    ? (['message', 'path', 'dest'] as const)
    : (['message', 'path', 'dest', 'stack'] as const);
  for (const field of texts) {
    const text = (error as unknown as Record<string, unknown>)[field];
    if (typeof text === 'string') Object.assign(error, { [field]: text.replaceAll(base, plain) });
  }
  return error;
}
