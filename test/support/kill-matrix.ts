import { type MatrixReport, runMatrix } from './matrix.ts';
import type { Scenario } from './scenarios.ts';
import type { Reference } from './start-state.ts';
import type { Order } from './switch/order.ts';
import type { SwitchPool } from './switch/pool.ts';
import { afterCrash } from './verdict.ts';

/**
 * Kills the examined call at every point of every scenario: before each of its calls that change the file system
 * (which is after the one before it), after the last, and half-way through each write.
 *
 * @param pool - makes the calls
 * @param scenarios - start states
 */
export function killMatrix(pool: SwitchPool, scenarios: readonly Scenario[]): Promise<MatrixReport> {
  return runMatrix(pool, scenarios, kills, (outcome, tree, reference) => [
    ...(outcome.killed ? [] : ['the process was not killed']),
    ...afterCrash(tree, reference),
  ]);
}

/**
 * The orders that kill a call at each of its points.
 *
 * @param log - the calls that it makes undisturbed
 */
export function kills({ log }: Pick<Reference, 'log'>): Order[] {
  const last = log.at(-1);
  return [
    ...log.map(({ number }): Order => ({ mode: 'kill-before', at: number })),
    ...(last === undefined ? [] : [{ mode: 'kill-after', at: last.number } as const]),
    ...log
      .filter(({ name, data }) => name === 'write' && data.length > 1)
      .map(({ number }): Order => ({ mode: 'kill-half', at: number })),
  ];
}
