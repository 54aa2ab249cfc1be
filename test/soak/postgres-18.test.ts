import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { storeConformance } from '../../src/testing/store-conformance.ts';
import { installEmbedded } from '../support/embedded-postgres.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { createPostgresWorld, neverOfPostgres } from '../support/postgres-world.ts';

// Debian's package brings the user as whom root starts a server.
const embedded = needsPostgres() ? await installEmbedded() : undefined;
let server: PostgresServer;
let pool: pg.Pool;

const cases = [...storeConformance(() => createPostgresWorld(pool), { never: neverOfPostgres })];

describe.skipIf(embedded === undefined)('the PostgreSQL store on PostgreSQL 18', () => {
  beforeAll(async () => {
    server = await startPostgres({}, { bin: embedded?.bin });
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  });

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
    embedded?.remove();
  });

  it('is asked as such', async () => {
    expect((await pool.query('SHOW server_version')).rows[0].server_version).toMatch(/^18\./);
  });

  for (const { name, run } of cases) it(name, run);
});
