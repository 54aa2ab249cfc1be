import type { Spread } from './measure.ts';

/** Ours against one other, measured in the same run. */
export interface Comparison {
  readonly work: string;
  readonly against: string;
  readonly ours: Spread;
  readonly theirs: Spread;
  /** The median of the ratios of turns that followed each other. */
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

/** All that one run of the benches measured. */
export interface Report {
  readonly node: string;
  readonly machine: string;
  /** How quickly the machine's threads answered. */
  readonly threads?: string;
  /** What was not there, and its rows left out for it. */
  readonly missing: readonly string[];
  readonly comparisons: readonly Comparison[];
  readonly footprint: readonly Footprint[];
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
    formatFigure(value, unit),
    `at most ${formatFigure(bar, unit)}`,
    value <= bar ? '' : 'MISSED',
  ]);
  return formatColumns(rows);
}

/**
 * A run of the benches as the README shows it.
 *
 * @param report - as measured
 * @returns Markdown, without a final newline
 */
export function formatMarkdown({ node, machine, threads, comparisons, footprint }: Report): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['work', 'ours, ms', 'against', 'theirs, ms', 'ratio', 'bar']),
    row(['---', '---:', '---', '---:', '---:', '---:']),
    ...comparisons.map(({ work, ours, against, theirs, ratio, bar }) =>
      row([work, formatSpread(ours), against, formatSpread(theirs), ratio.toFixed(2), bar?.toFixed(2) ?? '']),
    ),
    '',
    ...footprint.map(
      ({ what, unit, value, bar }) => `- ${what}: ${formatFigure(value, unit)}, at most ${formatFigure(bar, unit)}`,
    ),
    '',
    `Medians with quartiles of one run; Node ${node}, ${machine}${threads === undefined ? '' : `; ${threads}`}.`,
  ].join('\n');
}

const formatFigure = (value: number, unit: string): string =>
  `${Number(value.toFixed(1))}${unit === '' ? '' : ` ${unit}`}`;

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
