/** What test files on a real PostgreSQL share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/index.ts';
import { bundleLibrary } from './bundle.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** A server with our tables; there while the tests of a file run. */
export interface UsedPostgres {
  server: PostgresServer;
  pool: pg.Pool;
}

/** Starts a server for the tests of a file, which ends with them. To be called where tests are described. */
export function usePostgres(): UsedPostgres {
  const used = {} as UsedPostgres;
  beforeAll(async () => {
    used.server = await startPostgres();
    used.pool = new pg.Pool({ connectionString: used.server.connectionString });
    // What is cut or killed on purpose is no error of an idle connection.
    used.pool.on('error', () => undefined);
    await (await openPostgresStore({ pool: used.pool, project: 'any' })).migrate();
  }, 60_000);
  afterAll(async () => {
    await used.pool?.end();
    await used.server?.stop();
  });
  return used;
}

/** Bundles the library for child processes of a file's tests. To be called where tests are described. */
export function useLibrary(): { path: string } {
  const used = { path: '' };
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pg-library-'));
    used.path = await bundleLibrary(folder);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return used;
}
