import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ChartGeometry } from '../../graph/layout/chart-geometry.ts';
import { unplacedChart } from '../model/chart-definition.ts';
import type { OpenRun } from '../model/open-run.ts';
import type { PageData } from '../page-file.ts';

/** A chart to be shown. */
export interface ShownChart {
  readonly chart: ChartGeometry;
  /** Whether it can only be listed. */
  readonly isList: boolean;
  /** Something about it that people must know. */
  readonly note: string;
}

/**
 * The chart of a run: ours; where it was recorded with another one, that one as somebody has laid it out, else as a list;
 * ours, with a word about it, where the recording holds none.
 *
 * @param run - the run
 * @param id - the server's name for it
 * @param ours - our chart
 * @param data - what the page was given
 */
export function useChart(run: OpenRun | undefined, id: string | null, ours: ChartGeometry, data: PageData): ShownChart {
  const hash = run?.header.chart ?? ours.all.chart;
  const states = hash === ours.all.chart ? null : (run?.chart ?? null);
  const [laidOut, setLaidOut] = useState<Readonly<Record<string, ChartGeometry>>>({});
  const given = laidOut[`${id}`] ?? (data.mode === 'file' ? data.chart : undefined);
  useEffect(() => {
    if (states === null || data.mode !== 'served' || id === null || laidOut[id] !== undefined) return;
    void fetch(`/charts/${id}`)
      .then((response) => (response.ok ? response.json() : undefined))
      .then((chart: ChartGeometry | undefined) => chart && setLaidOut((all) => ({ ...all, [id]: chart })))
      // The server is gone; the list stays.
      .catch(() => undefined);
  }, [id, states !== null]);
  return useMemo(() => {
    if (hash === ours.all.chart) return { chart: ours, isList: false, note: '' };
    if (states === null) {
      return { chart: ours, isList: false, note: "Recorded with another chart; today's is shown." };
    }
    const other = 'Recorded with another chart, which is shown';
    if (given?.all.chart === hash) return { chart: given, isList: false, note: `${other}.` };
    return { chart: unplacedChart(hash, states), isList: true, note: `${other} as a list.` };
  }, [hash, states, ours, given]);
}
