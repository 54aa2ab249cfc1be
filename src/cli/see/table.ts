import { printable } from '../printable.ts';

/** Columns of the terminal that a table keeps to. */
const lineWidth = 80;
const gap = 2;

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Most columns of the terminal that it takes; `rest`: what the others leave of 80, and no less than 16. */
  readonly most: number | 'rest';
}

/** Characters that take two columns of a terminal. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const widthOf = (text: string): number => {
  let width = 0;
  for (const char of text) width += wide.test(char) ? 2 : 1;
  return width;
};

/**
 * A foreign text in a cell: safe for a terminal, on one line, and no wider than its column.
 *
 * @param text - any text
 * @param most - columns
 */
export function cell(text: string, most: number): string {
  // Nobody needs to measure megabytes to show a few columns of them.
  const safe = printable(text.slice(0, most * 2));
  if (safe.length === text.length && widthOf(safe) <= most) return safe;
  let [shown, width] = ['', 0];
  for (const char of safe) {
    width += widthOf(char);
    if (width > most - 1) break;
    shown += char;
  }
  return widthOf(safe) <= most && text.length <= most * 2 ? safe : `${shown}…`;
}

/**
 * Lays out a table.
 *
 * @param columns - from left to right
 * @param rows - texts, which may be foreign
 * @returns lines, the names first
 */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const table = [columns.map(({ name }) => name), ...rows];
  const widthIn = (lines: readonly (readonly string[])[], index: number): number =>
    lines.reduce((most, line) => Math.max(most, widthOf(line[index] ?? '')), 0);
  const shown = columns.map(({ most }, index) =>
    most === 'rest' ? [] : table.map((line) => cell(line[index] ?? '', most)),
  );
  const taken = shown.reduce(
    (sum, cells) =>
      sum +
      widthIn(
        cells.map((text) => [text]),
        0,
      ) +
      gap,
    0,
  );
  // No gap follows the last column.
  const rest = Math.max(16, lineWidth - taken + gap);
  const lines = table.map((line, row) =>
    columns.map(({ most }, index) => (most === 'rest' ? cell(line[index] ?? '', rest) : (shown[index]?.[row] ?? ''))),
  );
  const widths = columns.map((_column, index) => widthIn(lines, index));
  return lines.map((line) =>
    line
      .map((text, index) => text + ' '.repeat((widths[index] ?? 0) - widthOf(text)))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/**
 * A time span in words that fit a column, such as `3 h`.
 *
 * @param ms - milliseconds; one ahead of the clock is `0 s`
 */
export function span(ms: number): string {
  const [size, unit] = units.find(([least]) => ms >= least) ?? [1_000, 's'];
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`;
}
