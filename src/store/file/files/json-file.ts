import { protocol } from '../../../rules/protocol.ts';
import { type FileContent, type FileRead, readStateFile } from './state-file.ts';

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
 * Whether a file was changed in the last second, so that another program may still be writing it
 * (src/rules/README.md#rule-10-unsafe-files). A time ahead of the clock says nothing of the kind.
 *
 * @param mtimeMs - when the file was changed, epoch milliseconds
 * @param now - epoch milliseconds
 */
export function isFresh(mtimeMs: number | bigint, now: number = Date.now()): boolean {
  const age = now - Number(mtimeMs);
  return age < protocol.limits.tornWindowMs && age > -protocol.limits.tornWindowMs;
}

/**
 * Parses a file's bytes once.
 *
 * @param read - the file as read
 */
export function parseOnce(read: FileRead): FirstRead {
  if (read.kind !== 'file') return read;
  try {
    return { kind: 'json', file: read, value: JSON.parse(read.bytes.toString('utf8')) };
  } catch {
    return { kind: isFresh(read.stat.mtimeMs) ? 'torn' : 'unreadable' };
  }
}

/**
 * Reads a JSON state file; one that is just being written is read once more after 10 ms
 * (src/rules/README.md#rule-10-unsafe-files).
 *
 * @param read - reads its bytes
 */
export async function readJson(read: () => FileRead): Promise<JsonRead> {
  const first = parseOnce(read());
  if (first.kind !== 'torn') return first;
  await new Promise((resolve) => setTimeout(resolve, protocol.limits.tornRetryMs));
  const second = parseOnce(read());
  return second.kind === 'torn' ? { kind: 'unreadable' } : second;
}

/**
 * {@link readJson} of a file by its path.
 *
 * @param path - the file
 */
export const readJsonAt = (path: string): Promise<JsonRead> => readJson(() => readStateFile(path));
