import { useCallback, useMemo, useRef } from 'preact/hooks';
import { failuresOf, marksAt, noMarks } from '../model/marks.ts';
import { ancestry, type OpenRun } from '../model/open-run.ts';
import { ChartPicture } from './chart-picture.tsx';
import type { PageEvent, PageState } from './state.ts';
import { StateList } from './state-list.tsx';
import type { ShownChart } from './use-chart.ts';
import { useMedia } from './use-media.ts';

interface ChartViewProps {
  readonly shown: ShownChart;
  readonly state: PageState;
  readonly run: OpenRun | undefined;
  readonly dispatch: (event: PageEvent) => void;
}

/** The statechart, as a picture or as a list. */
export function ChartView({ shown: { chart, isList, note }, state, run, dispatch }: ChartViewProps) {
  const { failures, step } = state;
  // A picture of this size says nothing on a telephone.
  const view = useMedia('(max-width: 640px)') || isList ? 'list' : state.view;
  const failureIds = useMemo(() => failuresOf(chart.all), [chart]);
  const marks = useMemo(() => (run === undefined ? noMarks : marksAt(run, step)), [run, step]);
  // A line that was taken needs its place, also before it is.
  const hasFailed = useMemo(
    () => run !== undefined && [...run.taken.keys()].some((id) => failureIds.has(id)),
    [run, failureIds],
  );
  const geometry = failures || hasFailed ? chart.all : chart.withoutFailures;
  // Of one identity, so that a step does not draw anew what looks as before.
  const latest = useRef({ run, step });
  latest.current = { run, step };
  const pick = useCallback((name: string): void => {
    const { run: shown, step: from } = latest.current;
    if (shown !== undefined) dispatch({ type: 'go', to: stepAt(shown, name, from) });
  }, []);
  const shared = { geometry, marks, failures, onPick: pick };
  return (
    <section class="chart" aria-label="Statechart">
      <h2 class="hidden">Statechart</h2>
      <div class="tools">
        <fieldset aria-label="How the chart is shown">
          {(['picture', 'list'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={view === one}
              disabled={isList && one === 'picture'}
              onClick={() => dispatch({ type: 'set', to: { view: one } })}
            >
              {one === 'picture' ? 'Picture' : 'List'}
            </button>
          ))}
        </fieldset>
        <label>
          <input
            type="checkbox"
            checked={failures}
            onChange={({ currentTarget }) => dispatch({ type: 'set', to: { failures: currentTarget.checked } })}
          />
          Failures
        </label>
        {note !== '' && <span class="muted">{note}</span>}
      </div>
      {view === 'picture' ? <ChartPicture {...shared} /> : <StateList {...shared} />}
    </section>
  );
}

/** The step that a state or transition leads to: the next time that it was entered or taken, else the first. */
function stepAt({ steps, taken }: OpenRun, name: string, step: number): number {
  const times = taken.get(name) ?? steps.flatMap(({ to }, index) => (ancestry(to).includes(name) ? [index] : []));
  return times.find((index) => index > step) ?? times[0] ?? step;
}
