import { useCallback, useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import type { ChartGeometry } from '../../graph/layout/chart-geometry.ts';
import type { PageData } from '../page-file.ts';
import { ChartView } from './chart-view.tsx';
import { Comparison } from './comparison.tsx';
import { Dialogs } from './dialogs.tsx';
import { meaningOf } from './keys.ts';
import { outcomeOf, RunList } from './run-list.tsx';
import { connect, openTexts, type Source } from './source.ts';
import { currentRun, initialState, type PageState, type Part, reduce } from './state.ts';
import { StepDetails } from './step-details.tsx';
import { StepList } from './step-list.tsx';
import { Timeline } from './timeline.tsx';
import { TopBar } from './top-bar.tsx';
import { Transport } from './transport.tsx';
import { useChart } from './use-chart.ts';
import { useFiles } from './use-files.tsx';

/** Milliseconds between two steps while a run is played. */
const playMs = 350;

const parts: readonly (readonly [Part, string])[] = [
  ['runs', 'Runs'],
  ['chart', 'States'],
  ['steps', 'Steps'],
];

/** The page. */
export function App({ data, chart }: { data: PageData; chart: ChartGeometry }) {
  const [state, dispatch] = useReducer(reduce, {
    ...initialState,
    dialog: data.mode === 'file' && data.handOver ? { kind: 'stately' } : null,
  });
  const source = useRef<Source>();
  useEffect(() => {
    source.current = connect(data, dispatch);
  }, [data]);
  const open = (id: string | null): void => {
    const run = state.runs.find((one) => one.id === id);
    if (run !== undefined && state.opened[run.id] === undefined) source.current?.open(run);
  };
  useEffect(() => open(state.selected), [state.selected, state.runs]);
  useEffect(() => open(state.other), [state.other]);
  useKeys(state, dispatch);
  useEffect(() => {
    if (!state.playing) return undefined;
    const timer = setInterval(() => dispatch({ type: 'move', by: 1 }), playMs);
    return () => clearInterval(timer);
  }, [state.playing]);
  const files = useFiles((texts) => {
    const [first] = openTexts(texts, dispatch);
    if (first !== undefined) dispatch({ type: 'select', id: first });
  });
  const go = useCallback((to: number) => dispatch({ type: 'go', to }), []);
  const showRule = useCallback(
    (anchor: string) => dispatch({ type: 'set', to: { dialog: { kind: 'rule', anchor } } }),
    [],
  );
  const run = currentRun(state);
  const shown = useChart(run, state.selected, chart, data);
  const other = state.other === null ? undefined : state.opened[state.other];
  const listed = state.runs.find(({ id }) => id === state.selected);
  const names = useMemo(
    () => [state.selected, state.other].map((id) => nameOf(state, id)) as [string, string],
    [state.selected, state.other, state.runs],
  );
  return (
    <div class={`page part-${state.part}`} {...files.dropping}>
      <TopBar state={state} run={run} dispatch={dispatch} />
      <main class="parts">
        <RunList
          runs={state.runs}
          selected={state.selected}
          other={state.other}
          onSelect={(id) => dispatch({ type: 'select', id })}
          onCompare={(id) => dispatch({ type: 'compare', id })}
          onOpenFiles={files.ask}
        />
        <section class="centre" aria-label={listed === undefined ? 'No run' : `Run, ${outcomeOf(listed)}`}>
          <ChartView shown={shown} state={state} run={run} dispatch={dispatch} />
          {run !== undefined && run.steps.length > 0 && (
            <div class="time">
              <Transport
                run={run}
                step={state.step}
                playing={state.playing}
                follow={state.follow}
                isLive={data.mode === 'served'}
                dispatch={dispatch}
              />
              <Timeline run={run} step={state.step} onGo={go} />
            </div>
          )}
        </section>
        <section class="side" aria-label="Steps">
          {run === undefined ? (
            <p class="empty">Nothing is open.</p>
          ) : (
            <>
              {other === undefined ? (
                <StepList label="Steps" steps={run.steps} step={state.step} onGo={go} />
              ) : (
                <Comparison
                  left={run}
                  right={other}
                  names={names}
                  step={state.step}
                  onGo={go}
                  onEnd={() => dispatch({ type: 'compare', id: null })}
                />
              )}
              <StepDetails run={run} step={state.step} onRule={showRule} />
            </>
          )}
        </section>
      </main>
      <nav class="tabs" aria-label="Parts of the page">
        {parts.map(([part, name]) => (
          <button
            key={part}
            type="button"
            aria-pressed={part === state.part}
            onClick={() => dispatch({ type: 'set', to: { part } })}
          >
            {name}
          </button>
        ))}
      </nav>
      {files.input}
      {files.isOver && <div class="drop">Drop recordings to open them</div>}
      <Dialogs state={state} run={run} dispatch={dispatch} />
    </div>
  );
}

const nameOf = ({ runs }: PageState, id: string | null): string => {
  const run = runs.find((one) => one.id === id);
  return run === undefined ? '' : `${outcomeOf(run)}, ${run.header.at.slice(11, 19)}`;
};

function useKeys(state: PageState, dispatch: (event: Parameters<typeof reduce>[1]) => void): void {
  const latest = useRef(state);
  latest.current = state;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const meaning = meaningOf(event, latest.current);
      if (meaning === undefined) return;
      event.preventDefault();
      dispatch(meaning);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
