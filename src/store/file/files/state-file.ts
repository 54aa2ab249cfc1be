import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { protocol } from '../../../rules/protocol.ts';
import { isAbsence } from './io.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const scratch = Buffer.allocUnsafe(64 * 1024);

/** A regular file as it was read. */
export interface FileContent {
  readonly kind: 'file';
  readonly bytes: Buffer;
  readonly dev: number;
  readonly ino: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Last change of the content, epoch milliseconds. */
  readonly mtimeMs: number;
}

/** What reading a state file can give; it never throws (rules 9 and 10). */
export type FileRead = FileContent | { readonly kind: 'absent' } | { readonly kind: 'unreadable' };

/**
 * Reads a file that other programs may have put there: no link is followed, nothing is waited for, no more than
 * `limit` bytes are read (rule 10).
 *
 * @param path - the file
 * @param limit - largest size that is read, bytes
 * @param look - sees the bytes first; what it refuses is not copied out and counts as `undefined`
 */
export function readStateFile(path: string, limit: number = protocol.limits.stateFileBytes): FileRead {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    return { kind: isAbsence(error) ? 'absent' : 'unreadable' };
  }
  try {
    return readDescriptor(fd, limit);
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads an open file from its start; the bytes are the caller's own.
 *
 * @param fd - an open descriptor
 * @param limit - largest size that is read, bytes
 */
export function readDescriptor(fd: number, limit: number = protocol.limits.stateFileBytes): FileRead {
  const read = peekDescriptor(fd, limit);
  return read.kind === 'file' ? { ...read, bytes: Buffer.from(read.bytes) } : read;
}

/**
 * Like {@link readDescriptor}, but the bytes stand in a buffer that the next read overwrites.
 *
 * @param fd - an open descriptor
 * @param limit - largest size that is read, bytes
 */
export function peekDescriptor(fd: number, limit: number = protocol.limits.stateFileBytes): FileRead {
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile() || stat.size > limit) return { kind: 'unreadable' };
    // One byte more than the size, so that a file that has grown shows.
    const buffer = stat.size < scratch.length ? scratch : Buffer.allocUnsafe(stat.size + 1);
    let length = 0;
    while (length < buffer.length) {
      const count = readSync(fd, buffer, length, buffer.length - length, length);
      if (count === 0) break;
      length += count;
      if (length >= stat.size && length < buffer.length) break;
    }
    const { dev, ino, uid, gid, mtimeMs } = stat;
    return { kind: 'file', bytes: buffer.subarray(0, length), dev, ino, mode: stat.mode & 0o7777, uid, gid, mtimeMs };
  } catch {
    return { kind: 'unreadable' };
  }
}

/**
 * Reads a file through the buffer that the next read overwrites; for scans, which look at most files only once.
 *
 * @param path - the file
 */
export function peekStateFile(path: string): FileRead {
  let fd: number;
  try {
    fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    return { kind: isAbsence(error) ? 'absent' : 'unreadable' };
  }
  try {
    return peekDescriptor(fd);
  } finally {
    closeSync(fd);
  }
}
