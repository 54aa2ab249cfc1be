import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { liveRun, postgresHosts, type TestHost, type TestHosts } from '../../support/postgres-hosts.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';

let server: PostgresServer;
let pool: pg.Pool;
let hosts: TestHosts;
let desk: TestHost;
let laptop: TestHost;
let projects = 0;

const quarantined = ({ stateDir }: TestHost): string[] => {
  const folder = join(stateDir, '.forge-resume', 'quarantine');
  try {
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  } catch {
    return [];
  }
};
const textOf = ({ path }: TestHost, session: string): string => readFileSync(path(session), 'utf8');
const rows = async (): Promise<Record<string, unknown>> => {
  const { rows: found } = await pool.query(
    `SELECT session, active, iteration FROM forge_session_resume.run AS r
     JOIN forge_session_resume.project AS p ON p.id = r.project WHERE p.name = $1`,
    [`projection-${projects}`],
  );
  return Object.fromEntries(found.map(({ session, active, iteration }) => [session, active ? iteration : 'ended']));
};

describe.runIf(needsPostgres())('files as a projection of the database', () => {
  beforeAll(async () => {
    server = await startPostgres();
    pool = new pg.Pool({ connectionString: server.connectionString });
    await (await openPostgresStore({ pool, project: 'any' })).migrate();
  }, 60_000);

  afterAll(async () => {
    await pool?.end();
    await server?.stop();
  });

  beforeEach(async () => {
    projects += 1;
    hosts = postgresHosts(pool, `projection-${projects}`);
    [desk, laptop] = [await hosts.host('desk'), await hosts.host('laptop')];
  });

  afterEach(() => hosts.remove());

  it('the first call of a host makes the project known, and its run', async () => {
    desk.write('d1', liveRun());
    expect(await desk.call('d1')).toMatchObject({ reason: 'current_forge_active', targetPath: desk.path('d1') });
    expect(await rows()).toEqual({ d1: 1 });
  });

  it('a run goes from one host to the other, and the file that is left is ended by the next call there', async () => {
    desk.write('d1', liveRun({ note: 'of the desk' }));
    await desk.call('d1');
    laptop.launch('l1');
    expect(await laptop.call('l1')).toMatchObject({ resumed: true, targetPath: laptop.path('l1') });
    expect(laptop.read('l1')).toMatchObject({
      active: true,
      iteration: 1,
      note: 'of the desk',
      owner_rcs_session_id: 'l1',
    });
    expect(desk.read('d1')).toMatchObject({ active: true });
    expect(await desk.call('d1')).toMatchObject({ reason: 'current_forge_present' });
    expect(desk.read('d1')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(quarantined(desk)).toEqual([]);
  });

  it('what a runtime wrote since is in the database before anything is decided', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    desk.write('d1', liveRun({ iteration: 7, turn: 'seven' }));
    desk.launch('d2');
    expect(await desk.call('d2')).toMatchObject({ resumed: true });
    expect(desk.read('d2')).toMatchObject({ iteration: 7, turn: 'seven' });
    expect(desk.read('d1')).toMatchObject({ active: false });
  });

  it('a host with nothing new writes nothing and waits for no lock', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    const before = textOf(desk, 'd1');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock(1718580083, id) FROM forge_session_resume.project');
    try {
      expect(await desk.call('d1')).toMatchObject({ reason: 'current_forge_active', updatedCurrentOwner: false });
      laptop.launch('l1');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    expect(textOf(desk, 'd1')).toBe(before);
  });

  it('the turn of a host that slept through a hand-over does not come back: its copy is ended, its bytes are kept', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    await laptop.call('l1');
    desk.write('d1', liveRun({ iteration: 2, turn: 'of the sleeper' }));
    const slept = textOf(desk, 'd1');
    expect(await desk.call('d1')).toMatchObject({
      reason: 'current_forge_present',
      recovered: [{ outcome: 'copy_ended' }],
    });
    expect(desk.read('d1')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(quarantined(desk)).toEqual([slept]);
    expect(await rows()).toEqual({ d1: 'ended', l1: 1 });
  });

  it('a late writer that brings an ended copy back to life is ended again', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    await laptop.call('l1');
    await desk.call('d1');
    desk.write('d1', liveRun({ iteration: 9 }));
    await desk.call('d1');
    expect(desk.read('d1')).toMatchObject({ active: false });
    expect(await rows()).toEqual({ d1: 'ended', l1: 1 });
  });

  it('a run that is started anew in a session that was left is a run of its own', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    await laptop.call('l1');
    desk.write('d1', liveRun({ started_at: '2026-02-02T00:00:00.000Z', owner_codex_session_id: 'c2' }));
    expect(await desk.call('d1', { payloadSessionId: 'c2' })).toMatchObject({ reason: 'current_forge_active' });
    expect(desk.read('d1')).toMatchObject({ active: true, owner_codex_session_id: 'c2' });
    expect(await rows()).toEqual({ d1: 1, l1: 1 });
  });

  it('a run comes home to its host', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    await laptop.call('l1');
    laptop.write('l1', liveRun({ iteration: 5, owner_rcs_session_id: 'l1' }));
    await laptop.call('l1');
    await desk.call('d1');
    expect(await desk.call('d1', { comeHome: true })).toMatchObject({ resumed: true });
    expect(desk.read('d1')).toMatchObject({ active: true, iteration: 5 });
    await laptop.call('l1');
    expect(laptop.read('l1')).toMatchObject({ active: false });
    expect(await rows()).toEqual({ d1: 5, l1: 'ended' });
  });

  it('a file that cannot be parsed is never replaced', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    writeFileSync(desk.path('d1'), '{ torn');
    expect(await desk.call('d1')).toMatchObject({ reason: 'current_forge_unreadable' });
    expect(textOf(desk, 'd1')).toBe('{ torn');
  });

  it('the iteration never goes back: an older file gives way to the row, and is kept', async () => {
    desk.write('d1', liveRun({ iteration: 8 }));
    await desk.call('d1');
    desk.write('d1', liveRun({ iteration: 3 }));
    await desk.call('d1');
    expect(desk.read('d1')).toMatchObject({ iteration: 8 });
    expect(quarantined(desk)).toHaveLength(1);
  });

  it('a run that was ended on another host for good ends here, whatever its runtime counted since', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    await laptop.call('', { command: { kind: 'end', session: 'd1', fromLive: true } });
    desk.write('d1', liveRun({ iteration: 2 }));
    expect(await desk.call('d1')).toMatchObject({ reason: 'current_forge_present' });
    expect(desk.read('d1')).toMatchObject({ active: false, stop_reason: 'ended_by_user' });
    expect(quarantined(desk)).toHaveLength(1);
  });

  it('a call that died between the commit and the files is mended by the next one', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    const died = laptop.call('l1', {
      actors: () => ({
        commit: () => {
          throw new Error('died');
        },
      }),
    });
    expect(await died).toMatchObject({ resumed: true });
    expect(laptop.read('l1')).toBeUndefined();
    expect(await laptop.call('l1')).toMatchObject({
      reason: 'current_forge_active',
      recovered: [{ outcome: 'finished' }],
    });
    expect(laptop.read('l1')).toMatchObject({ active: true });
  });

  it('a run that the runtime starts between two steps of a hand-over is the one that counts', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    const started = { started_at: '2026-03-03T00:00:00.000Z' };
    const result = laptop.call('l1', {
      actors: (given) => ({
        prepare: (input, scope) => {
          laptop.write('l1', liveRun(started));
          return given.prepare(input, scope);
        },
      }),
    });
    expect(await result).toMatchObject({ reason: 'current_forge_active' });
    expect(laptop.read('l1')).toMatchObject(started);
    expect(await rows()).toEqual({ d1: 1, l1: 1 });
  });

  it('one that it starts behind the commit point stays, and what was handed over is kept', async () => {
    desk.write('d1', liveRun({ turn: 'of the desk' }));
    await desk.call('d1');
    laptop.launch('l1');
    const started = { started_at: '2026-03-03T00:00:00.000Z' };
    await laptop.call('l1', {
      actors: (given) => ({
        commit: (input, scope) => {
          laptop.write('l1', liveRun(started));
          return given.commit(input, scope);
        },
      }),
    });
    await laptop.call('l1');
    expect(laptop.read('l1')).toMatchObject(started);
    expect(quarantined(laptop).map((text) => JSON.parse(text))).toMatchObject([{ turn: 'of the desk' }]);
  });

  it('files and notes are there once the hook behind the commit runs, under the lock', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    laptop.launch('l1');
    const seen: unknown[] = [];
    await laptop.call('l1', {
      actors: () => ({
        afterCommit: async () => {
          const { rows: held } = await pool.query("SELECT FROM pg_locks WHERE locktype = 'advisory'");
          seen.push(held.length, laptop.read('l1')?.['active']);
          return { kind: 'done' };
        },
      }),
    });
    expect(seen).toEqual([1, true]);
  });

  /** Remembers a run, and what then makes the database lose its hand-over, as a standby without the last commits. */
  const remember = async (session: string): Promise<(to: string) => Promise<void>> => {
    const here = `project = (SELECT id FROM forge_session_resume.project WHERE name = 'projection-${projects}')`;
    const { rows: saved } = await pool.query(
      `SELECT text, version FROM forge_session_resume.run WHERE session = $1 AND ${here}`,
      [session],
    );
    return async (to) => {
      await pool.query(`DELETE FROM forge_session_resume.run WHERE session = $1 AND ${here}`, [to]);
      await pool.query(
        `UPDATE forge_session_resume.run SET text = $1, active = true, epoch = 1, version = $2, ended_by = NULL
         WHERE session = $3 AND ${here}`,
        [saved[0].text, saved[0].version, session],
      );
      await pool.query(`DELETE FROM forge_session_resume.transfer WHERE ${here}`);
    };
  };

  it('where the database lost a hand-over that a host has seen, that is unknown until a person adopts', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    const lose = await remember('d1');
    laptop.launch('l1');
    await laptop.call('l1');
    laptop.write('l1', liveRun({ iteration: 4, owner_rcs_session_id: 'l1' }));
    await laptop.call('l1');
    await lose('l1');
    await expect(laptop.call('l1')).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    laptop.launch('l2');
    await expect(laptop.call('l2')).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    expect(laptop.read('l1')).toMatchObject({ active: true, iteration: 4 });
    const adopted = await laptop.call('l1', { command: { kind: 'adopt', source: 'd1', fromLive: true } });
    expect(adopted).toMatchObject({ reason: 'adopted_by_user' });
    await laptop.call('l1');
    expect(laptop.read('l1')).toMatchObject({ active: true, iteration: 4 });
    expect(await rows()).toEqual({ d1: 'ended', l1: 4 });
  });

  it.each(['d1', 'd2'])(
    'where the host of a lost hand-over has both of its sides, a person adopts into either of them: %s',
    async (into) => {
      desk.write('d1', liveRun());
      await desk.call('d1');
      const lose = await remember('d1');
      desk.launch('d2');
      await desk.call('d2');
      await lose('d2');
      for (const id of ['d1', 'd2']) await expect(desk.call(id)).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
      expect(new Set(await desk.store.unknownClaims())).toEqual(
        new Set([
          { session: 'd1', isEarlier: true, elsewhere: undefined },
          { session: 'd2', isEarlier: false, elsewhere: 'd1' },
        ]),
      );
      const reason = into === 'd1' ? 'current_forge_active' : 'adopted_by_user';
      const command = { kind: 'adopt', source: 'd1', into, fromLive: true } as const;
      expect(await desk.call('d1', { command })).toMatchObject({ reason });
      expect(desk.read(into)).toMatchObject({ active: true, iteration: 1 });
      expect((await rows())[into]).toBe(1);
      expect(await desk.call(into)).toMatchObject({ reason: 'current_forge_active' });
      if (into === 'd2') expect(await desk.store.unknownClaims()).toEqual([]);
    },
  );

  it.each(['9223372036854775807', '9999999999999999999', '18446744073709551616'])(
    'a note whose epoch is %s is none: no database could go on from there',
    async (epoch) => {
      desk.write('d1', liveRun());
      await desk.call('d1');
      desk.write('d2', liveRun({ owner_codex_session_id: 'c2' }));
      const sha256 = createHash('sha256').update(textOf(desk, 'd2')).digest('hex');
      const note = { v: 1, epoch, version: epoch, sha256, companions: {} };
      writeFileSync(join(desk.stateDir, '.forge-resume', 'projected', 'd2.json'), JSON.stringify(note));
      const as = { payloadSessionId: 'c2' };
      expect(await desk.call('d2', as)).toMatchObject({ reason: 'current_forge_active' });
      laptop.launch('l1');
      expect(await laptop.call('l1', as)).toMatchObject({ resumed: true });
      expect(await rows()).toMatchObject({ d1: 1, d2: 'ended', l1: 1 });
    },
  );

  it('nothing outside is read: a session folder that is a link is refused, and so is a file that is one', async () => {
    desk.write('d1', liveRun({ secret: true }));
    mkdirSync(join(laptop.stateDir, 'sessions'), { recursive: true });
    symlinkSync(join(desk.stateDir, 'sessions', 'd1'), join(laptop.stateDir, 'sessions', 'l1'));
    await expect(laptop.call('l1')).rejects.toMatchObject({ code: 'STATE_UNSAFE' });
    laptop.launch('l2');
    symlinkSync(desk.path('d1'), laptop.path('l2'));
    expect(await laptop.call('l2')).toMatchObject({ reason: 'current_forge_unreadable' });
    expect(await rows()).toEqual({});
  });

  it('a session folder that is gone is of no host, and a state directory that is not there is not made', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    rmSync(join(desk.stateDir, 'sessions', 'd1'), { recursive: true });
    desk.launch('d2');
    expect(await desk.call('d2')).toMatchObject({ resumed: true });
    rmSync(laptop.stateDir, { recursive: true });
    expect(await laptop.call('')).toMatchObject({ reason: 'current_rcs_session_missing' });
    expect(() => readdirSync(laptop.stateDir)).toThrow('ENOENT');
  });
});
