import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { storeConformance } from '../../../src/testing/store-conformance.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { createPostgresWorld, neverOfPostgres } from '../../support/postgres-world.ts';

let server: PostgresServer;
let pool: pg.Pool;

const cases = [...storeConformance(() => createPostgresWorld(pool), { never: neverOfPostgres })];

describe.runIf(needsPostgres())('the PostgreSQL store takes every path, and recovers from calls that die', () => {
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  it('and none is forgotten', () => {
    expect(cases.length).toBe(675);
  });

  for (const { name, run } of cases) it(name, run);
});
