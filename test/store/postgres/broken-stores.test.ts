import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { storeConformance } from '../../../src/testing/store-conformance.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { createPostgresWorld, neverOfPostgres } from '../../support/postgres-world.ts';
import { thrownBy } from '../../support/runs.ts';
import { brokenPostgres } from './broken-stores.ts';

let server: PostgresServer;
let pool: pg.Pool;

describe.runIf(needsPostgres())('a PostgreSQL store that is broken on purpose fails', () => {
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  for (const { defect, alter, cases, says } of brokenPostgres) {
    it(`for the right reason: it ${defect}`, async () => {
      const all = [...storeConformance(() => createPostgresWorld(pool, { alter }), { never: neverOfPostgres })];
      const concerned = all.filter(({ name }) => cases.test(name)).slice(0, 2);
      expect(concerned).not.toHaveLength(0);
      for (const { run } of concerned) expect(String(await thrownBy(run()))).toMatch(says);
    });
  }
});
