import type { Spread } from './measure.ts';

/** Ours against one other, measured in the same run. */
export interface Comparison {
  readonly work: string;
  readonly against: string;
  readonly ours: Spread;
  readonly theirs: Spread;
  /** Median of ours by median of theirs. */
  readonly ratio: number;
  /** Largest ratio that is asked for; absent where none is. */
  readonly bar?: number;
}

/** A figure of its own, with the most that it may be. */
export interface Footprint {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly bar: number;
}

/**
 * Whether a comparison keeps its bar.
 *
 * @param comparison - as measured
 * @param tolerance - by how much the bar may be passed, 1 for not at all
 */
export const keepsBar = ({ ratio, bar }: Comparison, tolerance: number): boolean =>
  bar === undefined || ratio <= bar * tolerance;

/**
 * The comparisons as a table for people.
 *
 * @param comparisons - as measured
 * @param tolerance - as for {@link keepsBar}
 */
export function formatTable(comparisons: readonly Comparison[], tolerance: number): string {
  const head = ['work', 'ours ms', 'against', 'theirs ms', 'ratio', 'bar', ''];
  const rows = comparisons.map((comparison) => [
    comparison.work,
    formatSpread(comparison.ours),
    comparison.against,
    formatSpread(comparison.theirs),
    comparison.ratio.toFixed(3),
    comparison.bar?.toFixed(2) ?? '',
    keepsBar(comparison, tolerance) ? '' : 'MISSED',
  ]);
  return formatColumns([head, ...rows]);
}

/**
 * The footprint as a table for people.
 *
 * @param figures - as measured
 */
export function formatFootprint(figures: readonly Footprint[]): string {
  const rows = figures.map(({ what, unit, value, bar }) => [
    what,
    `${value.toFixed(1)} ${unit}`,
    `at most ${bar} ${unit}`,
    value <= bar ? '' : 'MISSED',
  ]);
  return formatColumns(rows);
}

/** Median, then the quartiles. */
export const formatSpread = ({ median, lowerQuartile, upperQuartile }: Spread): string =>
  `${short(median)} (${short(lowerQuartile)}-${short(upperQuartile)})`;

const short = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);

function formatColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
