import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { type Cost, costOfCalls, growTo } from '../support/postgres-growth.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';

let server: PostgresServer;
let pool: pg.Pool;

describe.runIf(needsPostgres())('a database that grows to 1,000,000 runs', () => {
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('every statement of a call stays an index scan, and a call costs what it did at 1,000, within a factor', async () => {
    const costs: Cost[] = [];
    for (const runs of [1_000, 10_000, 100_000, 1_000_000]) {
      await growTo(pool, runs);
      costs.push(await costOfCalls(pool, runs));
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
