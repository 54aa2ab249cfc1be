import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { bundleLibrary } from '../../support/bundle.ts';
import { meetInRounds } from '../../support/postgres-crowd.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

let server: PostgresServer;
let pool: pg.Pool;
let folder: string;
let library: string;

describe.runIf(needsPostgres())('a crowd on four hosts, one database', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pg-crowd-'));
    library = await bundleLibrary(folder);
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('one live run behind each round, in the database and in files; no confirmed turn is lost or mixed', {
    timeout: 300_000,
  }, async () => {
    const size = { hosts: 4, processes: 8, rounds: 3 };
    const report = await meetInRounds({ pool, connectionString: server.connectionString, library, ...size });
    expect(report.faults).toEqual([]);
    expect(report.turns).toBeGreaterThan(0);
  });
});
