import { describe, expect, it } from 'vitest';
import { type Cost, costOfCalls, growTo } from '../support/postgres-growth.ts';
import { needsPostgres } from '../support/postgres-server.ts';
import { usePostgres } from '../support/use-postgres.ts';

describe.runIf(needsPostgres())('a database that grows to 1,000,000 runs', () => {
  const used = usePostgres();

  it('every statement of a call stays an index scan, and a call costs what it did at 1,000, within a factor', async () => {
    const costs: Cost[] = [];
    for (const runs of [1_000, 10_000, 100_000, 1_000_000]) {
      await growTo(used.pool, runs);
      costs.push(await costOfCalls(used.pool, runs));
      console.log(`cost of calls: ${JSON.stringify(costs.at(-1))}`);
    }
    const [small, ...larger] = costs as [Cost, ...Cost[]];
    for (const cost of larger) {
      expect(cost.whole).toEqual([]);
      for (const what of ['look', 'handOver'] as const) {
        expect(cost.blocks[what]).toBeLessThan(3 * small.blocks[what]);
        expect(cost.ms[what]).toBeLessThan(3 * small.ms[what]);
      }
    }
  });
});
