import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { needsPgBouncer, type PgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { liveRun, postgresHosts } from '../../support/postgres-hosts.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

let server: PostgresServer;
let bouncer: PgBouncer;
let direct: pg.Pool;
let pooled: pg.Pool;

describe.runIf(needsPostgres() && needsPgBouncer())('behind PgBouncer in transaction mode', () => {
  beforeAll(async () => {
    server = await startPostgres();
    direct = new pg.Pool({ connectionString: server.connectionString });
    bouncer = await startPgBouncer(server.folder, 3);
    pooled = new pg.Pool({ ...bouncer.config, max: 20 });
    pooled.on('error', () => undefined);
    await (await openPostgresStore({ pool: pooled, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pooled?.end();
    await bouncer?.stop();
    await direct?.end();
    await server?.stop();
  });

  it('12 calls at once over 3 connections: one live run, no lock and no setting is left on a connection', {
    timeout: 120_000,
  }, async () => {
    const hosts = postgresHosts(pooled, 'pooled');
    try {
      const clones = await Promise.all(['desk', 'laptop'].map((name) => hosts.host(name)));
      const [desk] = clones;
      desk?.write('start', liveRun());
      await desk?.call('start');
      const ends: Record<string, number> = {};
      for (let round = 0; round < 4; round += 1) {
        await Promise.all(
          Array.from({ length: 12 }, async (_, index) => {
            const host = clones[index % 2];
            const session = `r${round}-${index}`;
            host?.launch(session);
            const end = await host?.call(session).then(
              ({ reason }): string => reason,
              ({ code }) => String(code),
            );
            ends[end ?? ''] = (ends[end ?? ''] ?? 0) + 1;
          }),
        );
        const { rows } = await direct.query('SELECT session FROM forge_session_resume.run WHERE active');
        expect(rows).toHaveLength(1);
      }
      console.info(`48 calls behind a pooler: ${JSON.stringify(ends)}`);
      expect(ends['resumed_same_codex_session']).toBeGreaterThan(3);
      const { rows: locks } = await direct.query("SELECT FROM pg_locks WHERE locktype = 'advisory'");
      expect(locks).toEqual([]);
      for (let connection = 0; connection < 6; connection += 1) {
        const { rows } = await pooled.query('SHOW idle_in_transaction_session_timeout');
        expect(rows).toEqual([{ idle_in_transaction_session_timeout: '0' }]);
      }
    } finally {
      hosts.remove();
    }
  });
});
