import type { ChartGeometry } from '../graph/layout/chart-geometry.ts';
import { type ThreadBounds, withElkThread } from './elk-thread.ts';
import { definitionOfChart } from './model/chart-definition.ts';
import type { RecordedState } from './recording/format.ts';
import { readRecording } from './recording/read-recording.ts';

/** How long a chart may take, milliseconds: a dozen times what ours takes on a busy machine. */
const usualLimit = 30_000;

/**
 * Lays out the chart that a recording holds. That needs elkjs, which is not installed with this package.
 *
 * @param text - the recording, or its beginning
 * @param bounds - when it is given up; default after 30 s
 * @returns undefined where it holds none, nobody is there to lay it out, or it takes too long
 */
export async function chartOf(
  text: string,
  { limit = usualLimit, signal }: Partial<ThreadBounds> = {},
): Promise<ChartGeometry | undefined> {
  // The chart comes before all that happens.
  const read = readRecording(text.split('\n', 2).join('\n'));
  if (read.kind === 'refused') return undefined;
  const { header, records } = read.recording;
  const record = records.find(({ kind }) => kind === 'chart');
  if (record?.kind !== 'chart') return undefined;
  try {
    return await layOutChart(header.chart, record.states, { limit, signal });
  } catch {
    return undefined;
  }
}

async function layOutChart(
  chart: string,
  states: readonly RecordedState[],
  bounds: ThreadBounds,
): Promise<ChartGeometry> {
  const { layOut } = await import('../graph/layout/lay-out.ts');
  const definition = definitionOfChart(states);
  return await withElkThread(bounds, async (elk) => ({
    all: { chart, ...(await layOut(definition, { failures: true, elk })) },
    withoutFailures: { chart, ...(await layOut(definition, { failures: false, elk })) },
  }));
}
