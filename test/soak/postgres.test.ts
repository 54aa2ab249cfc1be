import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { bundleLibrary } from '../support/bundle.ts';
import { meetInRounds } from '../support/postgres-crowd.ts';
import { killEverywhere } from '../support/postgres-kill-matrix.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { cutEverywhere } from '../support/postgres-wire.ts';

let server: PostgresServer;
let pool: pg.Pool;
let folder: string;
let library: string;

describe.runIf(needsPostgres())('runs in PostgreSQL', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pg-soak-'));
    library = await bundleLibrary(folder);
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    pool.on('error', () => undefined);
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('32 processes on 4 hosts, 50 rounds: one live run behind each, no turn lost', async () => {
    const size = { hosts: 4, processes: 32, rounds: 50 };
    const report = await meetInRounds({ pool, connectionString: server.connectionString, library, ...size });
    console.log(`a crowd on four hosts: ${JSON.stringify({ ...size, ...report })}`);
    expect(report.faults).toEqual([]);
  });

  it('killed at every file call of a host, in every scenario', async () => {
    const report = await killEverywhere({ pool, connectionString: server.connectionString, library, every: 1 });
    console.log(`killed at file calls: ${JSON.stringify(report)}`);
    expect(report.faults).toEqual([]);
  });

  it('the connection cut at every message of a hand-over', async () => {
    const proxy = await startPostgresProxy(server.folder);
    try {
      console.log(`cut at messages: ${JSON.stringify(await cutEverywhere({ pool, proxy }, 1))}`);
    } finally {
      await proxy.stop();
    }
  });
});
