import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actors, MachineInput } from '../../../machines/contract.ts';
import { runForgeSessionResume } from '../../../src/call/run-forge-session-resume.ts';
import { openPostgresStore, type PostgresStore } from '../../../src/store/postgres/index.ts';
import { bundleLibrary } from '../../support/bundle.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

let server: PostgresServer;
let pool: pg.Pool;
let folder: string;
let library: string;
let projects = 0;
const program = join(import.meta.dirname, '../../support/child/postgres-holder.mjs');

const live = JSON.stringify({ active: true, owner_codex_session_id: 'c1', started_at: 't', iteration: 3 });
const input = { payloadSessionId: 'c1', payloadThreadId: '' };
const done = () => ({ kind: 'done' }) as const;

/** A project with a live run in `old`, and the session `now`. */
async function projectWithRun(): Promise<{ readonly store: PostgresStore; readonly project: string }> {
  projects += 1;
  const project = `faults-${projects}`;
  const store = await openPostgresStore({ pool, project, lockLimitMs: 500 });
  for (const session of ['old', 'now']) await store.addSession(session);
  await store.putRun({ session: 'old', text: live });
  return { store, project };
}

async function handOver(store: PostgresStore, hooks: Partial<Actors> = {}, asked: Partial<MachineInput> = {}) {
  const call = store.call({ session: 'now' });
  try {
    const actors: Actors = {
      ...call.actors,
      findPane: () => ({ kind: 'none' }),
      afterLockAcquired: done,
      afterTargetWrite: done,
      afterCommit: done,
      ...hooks,
    };
    return await runForgeSessionResume({ actors, input: { ...input, ...asked } });
  } finally {
    call.close();
  }
}

/** The sessions in which the run is active. */
async function activeIn(store: PostgresStore): Promise<string[]> {
  const runs = await Promise.all(['old', 'now'].map(async (id) => [id, (await store.getRun(id))?.text] as const));
  return runs.flatMap(([id, text]) => (text !== undefined && JSON.parse(text).active === true ? [id] : []));
}

/** A process that holds the lock between the two writes. */
async function holder(project: string): Promise<ChildProcess> {
  const child = fork(program, [library, server.connectionString, project]);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the holder ended too early')));
  ended.catch(() => undefined);
  await Promise.race([once(child, 'message'), ended]);
  return child;
}

const endHolders = (): Promise<unknown> =>
  pool.query(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1718580083`);

describe.runIf(needsPostgres())('one owner, whatever happens to a client or to the server', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pg-holder-'));
    library = join(dirname(await bundleLibrary(folder)), 'postgres.js');
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

  it('a holder that was killed leaves the run as it was, and the lock free', async () => {
    const { store, project } = await projectWithRun();
    const child = await holder(project);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(await handOver(store)).toMatchObject({ resumed: true });
    expect(await activeIn(store)).toEqual(['now']);
  });

  it('a stopped holder is fenced: the next call hands over, its late write is refused', {
    timeout: 20_000,
  }, async () => {
    const { store, project } = await projectWithRun();
    const child = await holder(project);
    const said = once(child, 'message', { signal: AbortSignal.timeout(15_000) });
    const exited = once(child, 'exit');
    child.kill('SIGSTOP');
    expect(await handOver(store)).toMatchObject({ resumed: true });
    child.send('go on');
    child.kill('SIGCONT');
    const [late] = await said;
    // Of the server's word or the end of the socket, whichever it hears first.
    expect(late).toEqual({ code: 'LOCK_LOST' });
    expect(readFileSync(join(server.folder, 'log'), 'utf8')).toContain('due to idle-in-transaction timeout');
    expect(await activeIn(store)).toEqual(['now']);
    await exited;
  });

  it('a slow hook is not fenced', { timeout: 20_000 }, async () => {
    const { store } = await projectWithRun();
    const slow = async () => {
      // Three times the limit, by the server's clock.
      await pool.query('SELECT pg_sleep(1.5)');
      return done();
    };
    expect(await handOver(store, { afterTargetWrite: slow })).toMatchObject({ resumed: true });
  });

  it('a connection that is ended between the two writes is taken anew in the same call', async () => {
    const { store } = await projectWithRun();
    let ends = 1;
    const cut = async () => {
      if (ends-- > 0) await endHolders();
      return done();
    };
    expect(await handOver(store, { afterTargetWrite: cut })).toMatchObject({ resumed: true });
    expect(await activeIn(store)).toEqual(['now']);
  });

  it('a server that dies between the two writes and comes back has the run once', { timeout: 60_000 }, async () => {
    const { store } = await projectWithRun();
    let deaths = 1;
    const restart = async () => {
      if (deaths-- > 0) {
        await server.kill();
        await server.start();
      }
      return done();
    };
    expect(await handOver(store, { afterTargetWrite: restart })).toMatchObject({ resumed: true });
    expect(await activeIn(store)).toEqual(['now']);
  });

  it('a write of a host that slept through a hand-over is refused', async () => {
    const { store } = await projectWithRun();
    const read = await store.getRun('old');
    await handOver(store);
    await expect(store.putRun({ session: 'old', text: live, epoch: read?.epoch })).rejects.toMatchObject({
      code: 'OWNER_CHANGED',
    });
    expect(await activeIn(store)).toEqual(['now']);
  });

  it('a write that would take the iteration back is refused, one of a run that was started anew is not', async () => {
    const { store } = await projectWithRun();
    const epoch = (await store.getRun('old'))?.epoch;
    const text = (changes: object) => JSON.stringify({ ...JSON.parse(live), ...changes });
    await expect(store.putRun({ session: 'old', text: text({ iteration: 2 }), epoch })).rejects.toMatchObject({
      code: 'SOURCE_BUSY',
    });
    await expect(store.putRun({ session: 'old', text: text({ iteration: 'none' }), epoch })).rejects.toMatchObject({
      code: 'SOURCE_BUSY',
    });
    expect((await store.getRun('old'))?.text).toBe(live);
    const anew = text({ iteration: 0, started_at: 'later' });
    await store.putRun({ session: 'old', text: anew, epoch });
    expect((await store.getRun('old'))?.text).toBe(anew);
  });

  it('clocks of hosts may be hours apart: what is idle goes by the server alone', async () => {
    const hour = 3_600_000;
    const policies = { staleAfter: hour };
    const { store } = await projectWithRun();
    const epoch = (await store.getRun('old'))?.epoch;
    const at = (ms: number) =>
      JSON.stringify({ ...JSON.parse(live), updated_at: new Date(Date.now() + ms).toISOString() });
    // Written now, by a host whose clock is behind.
    await store.putRun({ session: 'old', text: at(-5 * hour), epoch });
    expect(await handOver(store, {}, { policies })).toMatchObject({ resumed: true });
    // Written long ago, by one whose clock is ahead.
    const other = await projectWithRun();
    await other.store.putRun({ session: 'old', text: at(5 * hour), epoch });
    await pool.query(
      `UPDATE forge_session_resume.run SET written_at = now() - interval '2 hours', turn_at = NULL
       WHERE project = (SELECT id FROM forge_session_resume.project WHERE name = $1)`,
      [other.project],
    );
    expect(await handOver(other.store, {}, { policies })).toMatchObject({ reason: 'no_matching_prior_forge' });
    expect(JSON.parse((await other.store.getRun('old'))?.text ?? '')).toMatchObject({
      stop_reason: 'stale_active_state',
    });
  });

  it('the hook behind the commit has the lock, and finds the transfer settled', async () => {
    const { store, project } = await projectWithRun();
    const seen: unknown[] = [];
    const afterCommit = async () => {
      const other = store.call({ session: 'old' });
      const scope = { signal: new AbortController().signal };
      seen.push((await other.actors.acquireLock({ again: false, brief: false }, scope)).kind);
      other.close();
      const { rows } = await pool.query(
        `SELECT count(*)::int AS open FROM forge_session_resume.transfer AS t
         JOIN forge_session_resume.project AS p ON p.id = t.project WHERE p.name = $1 AND settled_at IS NULL`,
        [project],
      );
      seen.push(rows[0].open, await activeIn(store));
      return done();
    };
    expect(await handOver(store, { afterCommit })).toMatchObject({ resumed: true });
    expect(seen).toEqual(['busy', 0, ['now']]);
  });

  it('where another call takes the lock at the commit point, the one behind it waits for that call', async () => {
    const { store } = await projectWithRun();
    const other = store.call({ session: 'old' });
    const scope = { signal: new AbortController().signal };
    const order: string[] = [];
    const call = store.call({ session: 'now' });
    try {
      const actors: Actors = {
        ...call.actors,
        findPane: () => ({ kind: 'none' }),
        afterLockAcquired: done,
        afterTargetWrite: done,
        writeSource: async (target, itself) => {
          // Queues behind the holder: it gets the lock in the moment of the COMMIT.
          const client = await pool.connect();
          await client.query('BEGIN');
          const queued = client.query(
            'SELECT pg_advisory_xact_lock(1718580083, id) FROM forge_session_resume.project WHERE name = $1',
            [`faults-${projects}`],
          );
          const written = await call.actors.writeSource(target, itself);
          await queued;
          order.push('the other call has the lock');
          setTimeout(() => {
            order.push('it gives it back');
            void client.query('ROLLBACK').then(() => client.release());
          }, 50);
          return written;
        },
        afterCommit: async () => {
          order.push('the hook');
          return done();
        },
      };
      expect(await runForgeSessionResume({ actors, input })).toMatchObject({ resumed: true });
      expect(order).toEqual(['the other call has the lock', 'it gives it back', 'the hook']);
      expect((await other.actors.acquireLock({ again: false, brief: false }, scope)).kind).toBe('held');
    } finally {
      call.close();
      other.close();
    }
  });

  it('tables of a newer release are refused', async () => {
    const { store } = await projectWithRun();
    await pool.query('INSERT INTO forge_session_resume.migration (version) VALUES (99)');
    try {
      await expect(store.migrate()).rejects.toMatchObject({ code: 'JOURNAL_VERSION' });
      await expect(handOver(store)).rejects.toMatchObject({ code: 'JOURNAL_VERSION' });
      const read = await store.getRun('old');
      const text = JSON.stringify({ ...JSON.parse(read?.text ?? ''), iteration: 99 });
      const isNewer = { code: 'JOURNAL_VERSION' };
      await expect(store.putRun({ session: 'old', text, epoch: read?.epoch })).rejects.toMatchObject(isNewer);
      await expect(store.putRun({ session: 'now', text })).rejects.toMatchObject(isNewer);
      await expect(store.addSession('another')).rejects.toMatchObject(isNewer);
      expect(await store.getRun('old')).toEqual(read);
      expect(await store.getRun('now')).toBeUndefined();
    } finally {
      await pool.query('DELETE FROM forge_session_resume.migration WHERE version = 99');
    }
  });
});
