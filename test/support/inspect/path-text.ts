import { type PathOptions, resumePaths } from '../../../src/graph/paths.ts';
import type { FlatRecord, RecordingHeader } from '../../../src/inspect/recording/format.ts';
import { recordPath } from '../../inspect/recording/record-path.ts';

// While the file is loaded: on a busy machine it takes longer than a test may.
resumePaths();

/**
 * The recording of the first generated path that fits, run through the code of a real call.
 *
 * @param options - which paths
 * @param fields - of the header
 */
export async function pathText(options: PathOptions, fields: Partial<RecordingHeader> = {}): Promise<string> {
  const [path] = resumePaths(options);
  if (path === undefined) throw new Error(`no path goes so: ${JSON.stringify(options)}`);
  const { recording } = await recordPath(path);
  return textOf({ ...recording.header, ...fields }, recording.records);
}

/** A recording as its file holds it. */
export const textOf = (header: RecordingHeader, records: readonly FlatRecord[]): string =>
  `${[header, ...records].map((one) => JSON.stringify(one)).join('\n')}\n`;

/**
 * A recording of a given length: a path's records again and again, the times going on.
 *
 * @param count - of records
 */
export async function longText(count: number): Promise<string> {
  const [path] = resumePaths({ to: 'resumed_same_codex_session', through: 'writeSource: changed' });
  if (path === undefined) throw new Error('no path goes so');
  const { header, records } = (await recordPath(path)).recording;
  const end = records.at(-1);
  const round = records.filter(({ kind }) => kind === 'step' || kind === 'actor');
  const all = Array.from({ length: count - 1 }, (_one, n): FlatRecord => {
    const one = round[n % round.length] as FlatRecord;
    return { ...one, n, t: Math.floor(n / round.length) * 40 + one.t };
  });
  return textOf(header, [...all, { ...(end as FlatRecord), n: count - 1, t: (all.at(-1)?.t ?? 0) + 1 }]);
}
