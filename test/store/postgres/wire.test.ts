import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { type PostgresProxy, startPostgresProxy } from '../../support/postgres-proxy.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { cutEverywhere, handOver, liveIn, type Wire, wiredProject } from '../../support/postgres-wire.ts';
import { atOnceMs } from '../../support/time-taken.ts';

let server: PostgresServer;
let pool: pg.Pool;
let proxy: PostgresProxy;
const wire = (): Wire => ({ pool, proxy });

describe.runIf(needsPostgres())('what happens on the wire', () => {
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    pool.on('error', () => undefined);
    proxy = await startPostgresProxy(server.folder);
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await proxy?.stop();
    await pool?.end();
    await server?.stop();
  });

  it('one live run, at whichever message of a hand-over the connection is cut; the next call settles it', {
    timeout: 120_000,
  }, async () => {
    const { messages, ends } = await cutEverywhere(wire(), 12);
    expect(messages).toBeGreaterThan(60);
    expect(ends['resumed_same_codex_session']).toBeGreaterThan(0);
  });

  it('a server that says nothing holds nobody up for longer than 2 s and a little', async () => {
    const { proxied } = await wiredProject(wire());
    proxy.arrange({ at: 1, mode: 'silent' });
    const since = performance.now();
    await expect(handOver(proxied)).rejects.toMatchObject({ code: 'IO' });
    expect(performance.now() - since).toBeLessThan(2_000 + atOnceMs);
    await proxied.close();
  });

  it('one that falls silent in a statement is given up as a lost connection, of a pool of the caller too', async () => {
    const { direct, project } = await wiredProject(wire());
    const own = new pg.Pool({ connectionString: proxy.connectionString });
    own.on('error', () => undefined);
    const store = await openPostgresStore({ pool: own, project });
    proxy.arrange();
    await store.getRun('old');
    // The connection is there: what comes next is the look.
    proxy.arrange({ at: 1, mode: 'silent' });
    const since = performance.now();
    await expect(handOver(store)).rejects.toMatchObject({ code: 'IO' });
    expect(performance.now() - since).toBeLessThan(2_000 + atOnceMs);
    expect(await liveIn(direct)).toEqual(['old']);
    await own.end();
  });

  it('a pool that hands out no connection is not waited for', async () => {
    const { project } = await wiredProject(wire());
    const narrow = new pg.Pool({ connectionString: server.connectionString, max: 1 });
    const only = await narrow.connect();
    const store = await openPostgresStore({ pool: narrow, project });
    const since = performance.now();
    await expect(handOver(store)).rejects.toMatchObject({ code: 'IO' });
    expect(performance.now() - since).toBeLessThan(2_000 + atOnceMs);
    only.release();
    await narrow.end();
  });
});
