import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { handOver, liveIn } from '../../support/postgres-wire.ts';
import { mountSmallDisk, type SmallDisk } from '../../support/small-disk.ts';

let server: PostgresServer | undefined;
let pool: pg.Pool;
let disk: SmallDisk | undefined;

describe.runIf(needsPostgres())('a server whose disk is full', () => {
  beforeAll(async () => {
    const small = { max_wal_size: '64MB', min_wal_size: '32MB' };
    server = await startPostgres(small, {
      prepare: (folder) => {
        disk = mountSmallDisk(folder, 160);
      },
    });
    pool = new pg.Pool({ connectionString: server.connectionString });
    pool.on('error', () => undefined);
    await (await openPostgresStore({ pool, project: 'full' })).migrate();
  }, 60_000);

  afterAll(async () => {
    disk?.free();
    await pool?.end();
    await server?.stop().catch(() => undefined);
    disk?.unmount();
    if (server !== undefined) rmSync(server.folder, { recursive: true, force: true });
  });

  it('a hand-over that has no room changes nothing, and is made once there is room', {
    timeout: 120_000,
  }, async ({ skip }) => {
    if (disk === undefined || server === undefined) return skip();
    const store = await openPostgresStore({ pool, project: 'full' });
    for (const session of ['old', 'now']) await store.addSession(session);
    // So large, and so random, that it needs room of its own.
    const ballast = randomBytes(3_000_000).toString('base64');
    const text = JSON.stringify({ active: true, owner_codex_session_id: 'c1', started_at: 't', iteration: 3, ballast });
    await store.putRun({ session: 'old', text });
    const ends: string[] = [];
    disk.fill();
    for (let call = 0; call < 5; call += 1) {
      ends.push(
        await handOver(store).then(
          ({ reason }): string => reason,
          ({ code }) => String(code),
        ),
      );
    }
    disk.free();
    console.info(`calls on a full disk: ${ends.join(', ')}`);
    expect(ends.filter((end) => !['IO', 'LOCK_LOST'].includes(end))).toEqual([]);
    // Where it ran out of room for its log it ended itself.
    await expect.poll(() => liveIn(store).catch(() => []), { timeout: 30_000 }).toEqual(['old']);
    expect((await store.getRun('old'))?.text).toBe(text);
    expect(await handOver(store)).toMatchObject({ resumed: true });
    expect(await liveIn(store)).toEqual(['now']);
  });
});
