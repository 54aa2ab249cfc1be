import type { ForgeState } from '../../rules/forge-state.ts';
import { asText } from '../../rules/text.ts';

/** One column: a run at one instant; no run at all shows as a dash. */
export interface Column {
  readonly title: string;
  readonly run: ForgeState | undefined;
}

/**
 * Sets runs side by side, one line per field, with a mark where the columns differ.
 *
 * @param columns - at least one
 * @returns lines without line ends
 */
export function compareRuns(columns: readonly Column[]): string[] {
  const fields = [...new Set(columns.flatMap(({ run }) => Object.keys(run ?? {})))];
  const cell = (run: ForgeState | undefined, field: string): string =>
    run !== undefined && Object.hasOwn(run, field) ? asText(run[field]) : '-';
  const rows = fields.map((field) => [field, ...columns.map(({ run }) => cell(run, field))]);
  const table = [['', ...columns.map(({ title }) => title)], ...rows];
  const widths = table[0]?.map((_, index) => Math.max(...table.map((row) => row[index]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
