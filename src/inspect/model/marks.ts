import type { Geometry, GeometryRow } from '../../graph/layout/geometry.ts';
import { ancestry, type OpenRun } from './open-run.ts';

/** How a run stands in the chart after a step. */
export interface Marks {
  readonly active: ReadonlySet<string>;
  /** Whether a state has been entered by then. */
  readonly isVisited: (state: string) => boolean;
  /** How often a transition has been taken by then. */
  readonly timesTaken: (transition: string) => number;
  /** Id of the transition by which the step came about. */
  readonly last: string | null;
}

/**
 * The id of a row's transition, as recordings have it.
 *
 * @param source - the state that the row is in
 * @param row - the row
 */
export function transitionOf(source: string, { event, guard }: Pick<GeometryRow, 'event' | 'guard'>): string {
  const [, kind = '', ...rest] = event.split('.');
  const of = kind === 'after' ? (rest[0] ?? '') : rest.slice(1).join('.');
  return `${source}: ${of} ${kind}${guard === null ? '' : ` [${guard}]`}`;
}

/**
 * The marks after a step.
 *
 * @param run - the run
 * @param index - of the step
 */
export function marksAt({ steps, entered, taken }: OpenRun, index: number): Marks {
  const step = steps[index];
  return {
    active: new Set(step === undefined ? [] : ancestry(step.to)),
    isVisited: (state) => (entered.get(state) ?? Number.POSITIVE_INFINITY) <= index,
    timesTaken: (transition) => countAtMost(taken.get(transition) ?? [], index),
    last: step?.transition ?? null,
  };
}

/** Marks of a chart that nobody has gone through. */
export const noMarks: Marks = { active: new Set(), isVisited: () => false, timesTaken: () => 0, last: null };

function countAtMost(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The transitions of a chart that an actor's error makes happen.
 *
 * @param geometry - the chart's
 */
export function failuresOf({ states }: Geometry): ReadonlySet<string> {
  const rows = states.flatMap(({ id, rows }) =>
    rows.filter(({ failure }) => failure).map((row) => transitionOf(id, row)),
  );
  return new Set(rows);
}
