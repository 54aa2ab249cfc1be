import type { ChartGeometry } from '../graph/layout/chart-geometry.ts';
import { definitionOfChart } from './model/chart-definition.ts';
import type { RecordedState } from './recording/format.ts';
import { readRecording } from './recording/read-recording.ts';

/**
 * Lays out the chart that a recording holds. That needs elkjs, which is not installed with this package.
 *
 * @param text - the recording, or its beginning
 * @returns undefined where it holds none, or there is nobody to lay it out
 */
export async function chartOf(text: string): Promise<ChartGeometry | undefined> {
  // The chart comes before all that happens.
  const read = readRecording(text.split('\n', 2).join('\n'));
  if (read.kind === 'refused') return undefined;
  const { header, records } = read.recording;
  const record = records.find(({ kind }) => kind === 'chart');
  if (record?.kind !== 'chart') return undefined;
  try {
    return await layOutChart(header.chart, record.states);
  } catch {
    return undefined;
  }
}

async function layOutChart(chart: string, states: readonly RecordedState[]): Promise<ChartGeometry> {
  const { layOut } = await import('../graph/layout/lay-out.ts');
  const definition = definitionOfChart(states);
  return {
    all: { chart, ...(await layOut(definition, { failures: true })) },
    withoutFailures: { chart, ...(await layOut(definition, { failures: false })) },
  };
}
