import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { bundleLibrary } from '../../support/bundle.ts';
import { killEverywhere } from '../../support/postgres-kill-matrix.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

let server: PostgresServer;
let pool: pg.Pool;
let folder: string;
let library: string;

describe.runIf(needsPostgres())('a host whose call is killed while it writes files', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pg-kill-'));
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

  it('is mended by the next one: one live run, whole turns, files that are their rows, nothing left over', {
    timeout: 300_000,
  }, async () => {
    const report = await killEverywhere({ pool, connectionString: server.connectionString, library, every: 11 });
    expect(report.faults).toEqual([]);
    expect(Object.values(report.points).every((count) => count > 15)).toBe(true);
  });
});
