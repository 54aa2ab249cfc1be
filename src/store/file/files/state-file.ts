import type { BigIntStats } from 'node:fs';
import { protocol } from '../../../rules/protocol.ts';
import { isAbsence } from './io.ts';
import { closeSync, constants, fstatSync, openSync, readSync } from './node-fs.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const scratch = Buffer.allocUnsafe(64 * 1024);

/** A regular file as it was read. */
export interface FileContent {
  readonly kind: 'file';
  readonly bytes: Buffer;
  /** Taken before the bytes were read; inode numbers above 2^53 need all their digits. */
  readonly stat: BigIntStats;
}

/**
 * What reading a state file can give; it never throws (src/rules/README.md#rule-9-errors and
 * src/rules/README.md#rule-10-unsafe-files).
 */
export type FileRead = FileContent | { readonly kind: 'absent' } | { readonly kind: 'unreadable' };

/**
 * Reads a file that other programs may have put there: no link is followed, nothing is waited for, no more than `limit`
 * bytes are read (src/rules/README.md#rule-10-unsafe-files).
 *
 * @param path - the file
 * @param limit - largest size that is read, bytes
 */
export function readStateFile(path: string, limit: number = protocol.limits.stateFileBytes): FileRead {
  return reading(path, (fd) => readDescriptor(fd, limit));
}

/** A file as a scan sees it. */
export interface Peek {
  readonly kind: 'file';
  /** The next read overwrites them. */
  readonly bytes: Buffer;
  readonly ino: number;
  readonly mtimeMs: number;
}

/**
 * Reads a file for scans, which look at most files only once: exact times and inode numbers cost a tenth of that.
 *
 * @param path - the file
 */
export function peekStateFile(path: string): Peek | Exclude<FileRead, FileContent> {
  return reading(path, (fd) => {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > protocol.limits.stateFileBytes) return { kind: 'unreadable' };
    return { kind: 'file', bytes: slurp(fd, stat.size), ino: stat.ino, mtimeMs: stat.mtimeMs };
  });
}

/**
 * Reads an open file from its start; the bytes are the caller's own.
 *
 * @param fd - an open descriptor
 * @param limit - largest size that is read, bytes
 */
export function readDescriptor(fd: number, limit: number = protocol.limits.stateFileBytes): FileRead {
  try {
    const stat = fstatSync(fd, { bigint: true });
    const size = Number(stat.size);
    if (!stat.isFile() || size > limit) return { kind: 'unreadable' };
    return { kind: 'file', bytes: Buffer.from(slurp(fd, size)), stat };
  } catch {
    return { kind: 'unreadable' };
  }
}

/**
 * What a file looks like, in one word: any change of it, or another file in its place, has another one.
 *
 * @param stat - of the file
 */
export function sightOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}-${ctimeNs}`;
}

/** Whether two looks were at one file. */
export const isSameFile = (a: BigIntStats, b: BigIntStats): boolean => a.ino === b.ino && a.dev === b.dev;

function reading<Read>(
  path: string,
  read: (fd: number) => Read,
): Read | { readonly kind: 'absent' } | { readonly kind: 'unreadable' } {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    return { kind: isAbsence(error) ? 'absent' : 'unreadable' };
  }
  try {
    return read(fd);
  } catch {
    return { kind: 'unreadable' };
  } finally {
    closeSync(fd);
  }
}

/** A file's bytes from its start, in a buffer that the next read overwrites. */
function slurp(fd: number, size: number): Buffer {
  // One byte more than the size, so that a file that has grown shows.
  const buffer = size < scratch.length ? scratch : Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = readSync(fd, buffer, length, buffer.length - length, length);
    if (count === 0) break;
    length += count;
    if (length >= size && length < buffer.length) break;
  }
  return buffer.subarray(0, length);
}
