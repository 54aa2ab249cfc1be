import type { EndRecord, RecordingHeader } from './recording/format.ts';

/** A recording as the list of runs shows it. */
export interface ListedRun {
  /** Stands for the file in requests; not its path. */
  readonly id: string;
  /** The file's name. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly header: RecordingHeader;
  /** How it ended; null where it goes on, or was cut off. */
  readonly end: EndRecord | null;
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
  const header = parse<RecordingHeader>(lines.first);
  if (header?.kind !== 'header' || header.format !== 'forge-session-resume-recording') return undefined;
  const last = parse<EndRecord>(lines.last);
  return { ...file, header, end: last?.kind === 'end' ? last : null };
}

function parse<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}
