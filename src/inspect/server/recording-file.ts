import fs from 'node:fs';
import { mostBytes } from '../listed-run.ts';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** A piece of a recording, whole lines. */
export interface Piece {
  readonly bytes: Buffer;
  /** Where the next piece begins, bytes from the start of the file. */
  readonly next: number;
}

/**
 * Reads whole lines of a recording. No link is followed and no FIFO waited for: a folder of recordings may be one that
 * others write into.
 *
 * @param path - the file
 * @param from - where to begin, bytes; the `next` of the piece before
 * @returns what is there of its first {@link mostBytes}; undefined where there is no such regular file, or it is shorter than `from`
 */
export function readPiece(path: string, from: number): Piece | undefined {
  return withFile(path, (fd, size) => {
    if (size < from) return undefined;
    const bytes = readAt(fd, from, Math.max(0, Math.min(size, mostBytes) - from));
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    return { bytes: whole, next: from + whole.length };
  });
}

/**
 * The first and the last whole line of a recording.
 *
 * @param path - the file
 * @returns both, the same where it has one line; undefined where it has none or is no regular file
 */
export function readEnds(path: string): { readonly first: string; readonly last: string } | undefined {
  return withFile(path, (fd, size) => {
    const first = grow(size, (length) => firstLine(readAt(fd, 0, length)));
    if (first === undefined || first === '') return undefined;
    const last = grow(size, (length) => lastLine(readAt(fd, size - length, length), length === size));
    return { first, last: last ?? '' };
  });
}

/** So much is looked at first; most lines are shorter, bytes. */
const usualBytes = 64 * 1024;
/** A line may be so long: with an agent's whole payload in it, bytes. */
const mostOfLine = 8 * 1024 * 1024;

/** Tries with more and more of a file until a line is whole. */
function grow(size: number, read: (length: number) => string | undefined): string | undefined {
  const most = Math.min(size, mostOfLine);
  for (let length = Math.min(most, usualBytes); ; length = Math.min(most, 8 * length)) {
    const line = read(length);
    if (line !== undefined || length === most) return line;
  }
}

function firstLine(bytes: Buffer): string | undefined {
  const end = bytes.indexOf(0x0a);
  return end < 0 ? undefined : bytes.toString('utf8', 0, end);
}

/** What stands behind the last line end is torn. */
function lastLine(bytes: Buffer, isWhole: boolean): string | undefined {
  const end = bytes.lastIndexOf(0x0a);
  const start = end < 1 ? -1 : bytes.lastIndexOf(0x0a, end - 1);
  return end < 0 || (start < 0 && !isWhole) ? undefined : bytes.toString('utf8', start + 1, end);
}

function withFile<T>(path: string, action: (fd: number, size: number) => T | undefined): T | undefined {
  let fd: number;
  try {
    fd = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const stat = fs.fstatSync(fd);
    return stat.isFile() ? action(fd, stat.size) : undefined;
  } catch {
    return undefined;
  } finally {
    fs.closeSync(fd);
  }
}

function readAt(fd: number, from: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const count = fs.readSync(fd, buffer, filled, length - filled, from + filled);
    if (count === 0) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}
