import { protocol } from '../../../rules/protocol.ts';
import { type FileContent, readStateFile } from './state-file.ts';

/** A state file that parsed. */
export interface JsonContent {
  readonly kind: 'json';
  readonly file: FileContent;
  readonly value: unknown;
}

/** What reading a JSON state file can give; it never throws. */
export type JsonRead = JsonContent | { readonly kind: 'absent' } | { readonly kind: 'unreadable' };

/** A JSON read that may be worth a second look: the file does not parse and was just being written. */
export type FirstRead = JsonRead | { readonly kind: 'torn' };

/**
 * Whether a file was changed in the last second, so that another program may still be writing it (rule 10).
 *
 * @param file - when it was changed
 * @param now - epoch milliseconds
 */
export function isFresh(file: Pick<FileContent, 'mtimeMs'>, now: number = Date.now()): boolean {
  // A time ahead of the clock says nothing about the last second.
  return Math.abs(now - file.mtimeMs) < protocol.limits.tornWindowMs;
}

/**
 * Parses a file's bytes once.
 *
 * @param file - the file as read
 */
export function parseOnce(file: FileContent): FirstRead {
  try {
    return { kind: 'json', file, value: JSON.parse(file.bytes.toString('utf8')) };
  } catch {
    return { kind: isFresh(file) ? 'torn' : 'unreadable' };
  }
}

/**
 * Reads and parses a file once.
 *
 * @param path - the file
 */
export function readJsonOnce(path: string): FirstRead {
  const read = readStateFile(path);
  return read.kind === 'file' ? parseOnce(read) : read;
}

/**
 * Reads and parses a state file; one that is just being written is read once more after 10 ms (rule 10).
 *
 * @param path - the file
 */
export async function readJson(path: string): Promise<JsonRead> {
  const first = readJsonOnce(path);
  if (first.kind !== 'torn') return first;
  await new Promise((resolve) => setTimeout(resolve, protocol.limits.tornRetryMs));
  const second = readJsonOnce(path);
  return second.kind === 'torn' ? { kind: 'unreadable' } : second;
}
