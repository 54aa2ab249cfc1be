/** Contents that a runtime would never write. */
import { liveRun } from '../support/runs.ts';

/** A nesting that JSON.parse takes and JSON.stringify does not. */
export const tooDeep = 100_000;
/** A nesting that JSON.stringify takes, but whose 2-space text is larger than a state file may be. */
export const deepAndWide = 2_500;

/** JSON text of arrays in arrays. */
export const deepArray = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** JSON text of objects in objects. */
export const deepObject = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** A live run's JSON text with one more field, given as JSON text; a field that the run has already is replaced. */
export function runWith(name: string, json: string, fields: Readonly<Record<string, unknown>> = {}): string {
  const { [name]: _replaced, ...others } = liveRun(fields);
  return `${JSON.stringify(others).slice(0, -1)},${JSON.stringify(name)}:${json}}`;
}
