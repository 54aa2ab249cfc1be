import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { costOfCalls, growTo } from '../../support/postgres-growth.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

let server: PostgresServer;
let pool: pg.Pool;

describe.runIf(needsPostgres())('tables that have grown', () => {
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('no statement of a call reads one from end to end, and a call touches few blocks more than it did', {
    timeout: 120_000,
  }, async () => {
    await growTo(pool, 1_000);
    const small = await costOfCalls(pool, 1_000);
    await growTo(pool, 30_000);
    const large = await costOfCalls(pool, 30_000);
    expect(large.whole).toEqual([]);
    expect(large.statements).toBeGreaterThan(20);
    expect(large.blocks.look).toBeLessThan(3 * small.blocks.look);
    expect(large.blocks.handOver).toBeLessThan(3 * small.blocks.handOver);
  });
});
