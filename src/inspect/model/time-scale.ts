/** A pause that the timeline draws shorter than it was. */
export interface Fold {
  /** Index of the moment behind the pause. */
  readonly before: number;
  /** How long it was, milliseconds. */
  readonly ms: number;
}

/** Where moments stand on a timeline. */
export interface TimeScale {
  /** Pixels from the left for each moment, rising. */
  readonly xs: Float64Array;
  readonly folds: readonly Fold[];
  /** Pixels of the whole timeline. */
  readonly width: number;
  /** Where any time stands; between two moments in proportion. */
  readonly at: (ms: number) => number;
}

/** Pixels between two moments: at least, as a rule, and at most. */
const gap = { least: 12, usual: 22, most: 88 } as const;
/** Pixels before the first and behind the last moment. */
const margin = 20;
/** A pause shorter than this is never folded, milliseconds. */
const shortestFold = 20;

/**
 * Lays moments out so that a burst can be read and a pause takes no room: pauses are in proportion around the usual
 * one, none is narrower than a mark, and long ones are folded.
 *
 * @param times - milliseconds, rising
 * @param room - pixels that there are; less is stretched to them, more is scrolled
 */
export function timeScale(times: readonly number[], room: number): TimeScale {
  const xs = new Float64Array(times.length);
  const folds: Fold[] = [];
  const perMs = gap.usual / Math.max(usual(times), 0.001);
  let x = 0;
  for (let index = 1; index < times.length; index += 1) {
    const ms = Math.max(0, (times[index] ?? 0) - (times[index - 1] ?? 0));
    const wanted = ms * perMs;
    if (wanted > gap.most * 1.5 && ms >= shortestFold) folds.push({ before: index, ms });
    x += Math.min(gap.most, Math.max(gap.least, wanted));
    xs[index] = x;
  }
  const stretch = x === 0 ? 1 : Math.min(3, Math.max(1, (room - 2 * margin) / x));
  for (let index = 0; index < xs.length; index += 1) xs[index] = margin + (xs[index] ?? 0) * stretch;
  return { xs, folds, width: Math.max(room, x * stretch + 2 * margin), at: (ms) => position(times, xs, ms) };
}

/** The middle one of the pauses that are any. */
function usual(times: readonly number[]): number {
  const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const some = pauses.filter((ms) => ms > 0).sort((a, b) => a - b);
  return some[some.length >> 1] ?? 1;
}

function position(times: readonly number[], xs: Float64Array, ms: number): number {
  const behind = firstAfter(times, ms);
  if (behind === 0) return xs[0] ?? margin;
  const left = xs[behind - 1] ?? margin;
  if (behind >= times.length) return left;
  const [from, to] = [times[behind - 1] ?? 0, times[behind] ?? 0];
  return left + ((xs[behind] ?? left) - left) * ((ms - from) / Math.max(to - from, 0.000_001));
}

/**
 * Index of the first number greater than a given one, the list's length where there is none.
 *
 * @param rising - numbers in order
 * @param value - what is looked for
 */
export function firstAfter(rising: ArrayLike<number>, value: number): number {
  let [low, high] = [0, rising.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
