import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ActorSpan, OpenRun } from '../model/open-run.ts';
import { firstAfter, timeScale } from '../model/time-scale.ts';
import { durationWords, eventWords } from '../model/words.ts';
import { useSize } from './use-size.ts';

/** Sizes in pixels. */
const lane = { top: 34, height: 16, bar: 8 } as const;
/** What is drawn beyond what is seen, so that scrolling shows no gap, pixels. */
const beyond = 300;
/** Most bars of a lane that are drawn at once. */
const mostBars = 400;

interface TimelineProps {
  readonly run: OpenRun;
  readonly step: number;
  readonly onGo: (step: number) => void;
}

/** The steps of a run in time: pauses folded, bursts spread, a lane for each actor below. */
export function Timeline({ run, step, onGo }: TimelineProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { width: room } = useSize(scroller);
  const [left, setLeft] = useState(0);
  const scale = useMemo(
    () =>
      timeScale(
        run.steps.map(({ t }) => t),
        room,
      ),
    [run, room],
  );
  const lanes = useMemo(() => lanesOf(run), [run]);
  const here = scale.xs[step] ?? 0;
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    if (here < element.scrollLeft + 40 || here > element.scrollLeft + room - 40) element.scrollLeft = here - room / 2;
  }, [here, room]);
  const [from, to] = [Math.max(0, left - beyond), Math.min(scale.width, left + room + beyond)];
  const [first, last] = [firstAfter(scale.xs, from - 1), firstAfter(scale.xs, to)];
  const height = lane.top + lanes.length * lane.height + 6;
  const goAt = (event: MouseEvent): void => {
    const box = scroller.current?.getBoundingClientRect();
    if (box !== undefined) onGo(nearest(scale.xs, event.clientX - box.left + (scroller.current?.scrollLeft ?? 0)));
  };
  return (
    <div class="timeline">
      <div class="lanes" aria-hidden="true" style={{ paddingTop: `${lane.top}px` }}>
        {lanes.map(({ actor }) => (
          <span key={actor} style={{ height: `${lane.height}px` }}>
            {actor}
          </span>
        ))}
      </div>
      <section
        class="scroller"
        aria-label="Timeline"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which keys must do as well
        tabIndex={0}
        ref={scroller}
        onScroll={({ currentTarget }) => setLeft(currentTarget.scrollLeft)}
        onPointerDown={(event) => {
          if (event.offsetY < event.currentTarget.clientHeight) goAt(event);
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1) goAt(event);
        }}
      >
        <div style={{ width: `${scale.width}px`, height: `${height}px` }}>
          <svg
            role="img"
            aria-label={`Timeline of ${run.steps.length} steps in ${durationWords(run.duration)}; a lane for each actor: ${lanes.map(({ actor }) => actor).join(', ')}`}
            width={to - from}
            height={height}
            viewBox={`${from} 0 ${to - from} ${height}`}
            style={{ marginLeft: `${from}px` }}
          >
            <rect x={here - 1} y={0} width={2} height={height} class="cursor" />
            {scale.folds
              .filter(({ before }) => before >= first && before <= last)
              .map(({ before, ms }) => {
                const x = ((scale.xs[before - 1] ?? 0) + (scale.xs[before] ?? 0)) / 2;
                return (
                  <g key={before} class="fold">
                    <path d={`M${x - 5} 22 l5 -12 m5 12 l5 -12`} />
                    <text x={x} y={31}>
                      {durationWords(ms)}
                    </text>
                  </g>
                );
              })}
            {lanes.map(({ actor, spans, starts }, index) => (
              <Lane
                key={actor}
                y={lane.top + index * lane.height}
                spans={spans}
                starts={starts}
                at={scale.at}
                from={from}
                to={to}
              />
            ))}
            {run.steps.slice(first, last).map((one, offset) => {
              const index = first + offset;
              const kind = one.code !== undefined ? 'failed' : index <= step ? 'past' : 'ahead';
              return (
                <circle
                  key={index}
                  cx={scale.xs[index]}
                  cy={16}
                  r={index === step ? 6 : 4}
                  class={`dot ${kind}${index === step ? ' here' : ''}`}
                >
                  <title>{`${index + 1}. ${eventWords(one)}`}</title>
                </circle>
              );
            })}
          </svg>
        </div>
      </section>
    </div>
  );
}

interface LaneProps {
  readonly y: number;
  readonly spans: readonly ActorSpan[];
  readonly starts: readonly number[];
  readonly at: (ms: number) => number;
  readonly from: number;
  readonly to: number;
}

function Lane({ y, spans, starts, at, from, to }: LaneProps) {
  const begin = Math.max(0, firstBar(starts, at, from) - 1);
  const bars = [];
  for (let index = begin; index < spans.length && bars.length < mostBars; index += 1) {
    const span = spans[index];
    if (span === undefined) break;
    const x = at(span.start);
    if (x > to) break;
    const end = span.end === null ? to : at(span.end);
    bars.push(
      <rect
        key={index}
        x={x}
        y={y + (lane.height - lane.bar) / 2}
        width={Math.max(3, end - x)}
        height={lane.bar}
        rx={2}
        class={`bar ${span.phase}`}
      >
        <title>{`${span.actor}${span.end === null ? '' : `, ${durationWords(span.end - span.start)}`}`}</title>
      </rect>,
    );
  }
  return (
    <g>
      <line x1={from} x2={to} y1={y + lane.height - 0.5} y2={y + lane.height - 0.5} class="rule" />
      {bars}
    </g>
  );
}

function firstBar(starts: readonly number[], at: (ms: number) => number, x: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(starts[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The actors in the order in which they first ran. */
function lanesOf({ spans }: OpenRun): { actor: string; spans: ActorSpan[]; starts: number[] }[] {
  const byActor = new Map<string, ActorSpan[]>();
  for (const span of spans) {
    const list = byActor.get(span.actor);
    if (list === undefined) byActor.set(span.actor, [span]);
    else list.push(span);
  }
  return [...byActor].map(([actor, list]) => ({ actor, spans: list, starts: list.map(({ start }) => start) }));
}

function nearest(xs: Float64Array, x: number): number {
  const after = firstAfter(xs, x);
  const [before, behind] = [xs[after - 1], xs[after]];
  if (before === undefined) return 0;
  return behind === undefined || x - before < behind - x ? after - 1 : after;
}
