import type { EndRecord, RecordingHeader } from './recording/format.ts';
import { parseLine } from './recording/parse-line.ts';
import { isEnd, isHeader } from './recording/read-recording.ts';

/** Most of a recording that is served, bytes from its start: a page holds all that it shows. */
export const mostBytes = 64 * 1024 * 1024;

/** A recording as the list of runs shows it. */
export interface ListedRun {
  /** Stands for the file in requests; not its path. */
  readonly id: string;
  /** The file's name. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Without the payload, which may be long. */
  readonly header: Omit<RecordingHeader, 'payload'>;
  /** How it ended; null where it goes on, or was cut off. */
  readonly end: EndRecord | null;
}

/** What became of recordings. */
export interface Changed {
  /** Those that are new, have grown, or were replaced. */
  readonly runs: readonly ListedRun[];
  /** Ids of those that are not there any more. */
  readonly gone: readonly string[];
}

/**
 * A recording in the list, by its first and last line.
 *
 * @param file - id, name and size
 * @param lines - its first and last line
 * @returns undefined where the first line is no header of ours
 */
export function listRun(
  file: Pick<ListedRun, 'id' | 'name' | 'size'>,
  lines: { readonly first: string; readonly last: string },
): ListedRun | undefined {
  const header = parseLine(lines.first);
  if (!isHeader(header)) return undefined;
  const { payload: _, ...listed } = header;
  const last = parseLine(lines.last);
  return { ...file, header: listed, end: isEnd(last) ? last : null };
}
