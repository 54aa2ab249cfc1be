import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore, type PostgresStore } from '../../../src/store/postgres/index.ts';
import { timelineFloor } from '../../../src/store/postgres/rows/epoch.ts';
import { liveRun, postgresHosts, type TestHost, type TestHosts } from '../../support/postgres-hosts.ts';
import { type Pair, startPair } from '../../support/postgres-promotion.ts';
import { needsPostgres } from '../../support/postgres-server.ts';

/** A project with a run in `d1` on the desk that the standby knows, and clones of it on both hosts. */
interface Scene {
  readonly name: string;
  readonly desk: TestHost;
  readonly laptop: TestHost;
  readonly store: PostgresStore;
  readonly live: () => Promise<readonly string[]>;
}

let pair: Pair;
const made: TestHosts[] = [];

async function scene(name: string): Promise<Scene> {
  const hosts = postgresHosts(pair.pool, name);
  made.push(hosts);
  const [desk, laptop] = [await hosts.host('desk'), await hosts.host('laptop')];
  desk.write('d1', liveRun({ iteration: 2 }));
  await desk.call('d1');
  return {
    name,
    desk,
    laptop,
    store: await openPostgresStore({ pool: pair.pool, project: name }),
    live: async () => {
      const { rows } = await pair.pool.query(
        `SELECT r.session FROM forge_session_resume.run AS r JOIN forge_session_resume.project AS p ON p.id = r.project
         WHERE p.name = $1 AND r.active ORDER BY r.session`,
        [name],
      );
      return rows.map(({ session }) => session);
    },
  };
}

/** Hands the run of a host's project over to a session of it. */
async function handOver(host: TestHost, session: string): Promise<void> {
  host.launch(session);
  expect(await host.call(session)).toMatchObject({ resumed: true });
}

const kept = ({ stateDir }: TestHost): unknown[] => {
  const folder = join(stateDir, '.forge-resume', 'quarantine');
  try {
    return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
  } catch {
    return [];
  }
};

/** The same as a person at the command line. */
const adopt = (source: string, fromLive = false) => ({
  payloadSessionId: '',
  command: { kind: 'adopt', source, fromLive } as const,
});

const scenes = {} as Record<
  'claimed' | 'elsewhere' | 'left' | 'again' | 'turn' | 'started' | 'itself' | 'other',
  Scene
>;

describe.runIf(needsPostgres())('a standby that is promoted without the last commits', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    pair = await startPair();
    await (await openPostgresStore({ pool: pair.pool, project: 'any' })).migrate();
    for (const name of ['claimed', 'elsewhere', 'left', 'again', 'turn', 'started', 'itself', 'other'] as const)
      scenes[name] = await scene(name);
    await pair.cutOff();
    const { claimed, elsewhere, left, again, turn, started, itself, other } = scenes;
    for (const { laptop } of [claimed, elsewhere, left, itself]) {
      await handOver(laptop, 'l1');
      expect(await laptop.call('l1')).toMatchObject({ reason: 'current_forge_active' });
      laptop.write('l1', { ...laptop.read('l1'), iteration: 3, turn: 'of the lost claim' });
    }
    other.laptop.launch('l1');
    const adopted = await other.laptop.call('l1', { ...adopt('d1', true), payloadSessionId: 'c9' });
    expect(adopted).toMatchObject({ reason: 'adopted_by_user' });
    expect(other.laptop.read('l1')).toMatchObject({ owner_codex_session_id: 'c9' });
    await handOver(again.laptop, 'l1');
    await handOver(again.laptop, 'l2');
    turn.desk.write('d1', liveRun({ iteration: 3, turn: 'lost' }));
    await turn.desk.call('d1');
    started.desk.write('d2', liveRun({ started_at: '2026-02-02T00:00:00.000Z', owner_codex_session_id: 'c2' }));
    await started.desk.call('d2', { payloadSessionId: 'c2' });
    await pair.promote();
  }, 180_000);

  afterAll(async () => {
    for (const hosts of made) hosts.remove();
    await pair?.stop();
  });

  it('tells its timeline to whoever has no rights but to connect', async () => {
    const client = await pair.pool.connect();
    try {
      await client.query('BEGIN; CREATE ROLE anybody; SET LOCAL ROLE anybody');
      expect((await client.query(`SELECT ${timelineFloor} AS floor`)).rows).toEqual([{ floor: String(2n ** 32n) }]);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  it('does not know who claimed the run: a call there is refused, its file stays, adopt settles it', async () => {
    const { desk, laptop, live, store } = scenes.claimed;
    expect(await live()).toEqual(['d1']);
    expect((await store.overview()).runs).toMatchObject([{ session: 'd1', liveness: { state: 'unknown' } }]);
    await expect(laptop.call('l1')).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    laptop.launch('l2');
    await expect(laptop.call('l2')).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    expect(await laptop.store.unknownClaims()).toEqual([{ session: 'l1', isEarlier: false, elsewhere: 'd1' }]);
    expect(await desk.store.unknownClaims()).toEqual([]);
    expect(laptop.read('l1')).toMatchObject({ active: true, turn: 'of the lost claim' });
    expect(await live()).toEqual(['d1']);
    // Its last turn is younger than a minute, but of the older timeline: unknown, so that nobody needs to insist.
    expect(await laptop.call('l1', adopt('d1'))).toMatchObject({ reason: 'adopted_by_user' });
    expect(await laptop.call('l1')).toMatchObject({ reason: 'current_forge_active' });
    expect(laptop.read('l1')).toMatchObject({ active: true, turn: 'of the lost claim' });
    await desk.call('d1');
    expect(desk.read('d1')).toMatchObject({ active: false });
    expect(await live()).toEqual(['l1']);
    expect(await laptop.store.unknownClaims()).toEqual([]);
  });

  it('another session of that host may adopt it as well: the claim gives way to it, its bytes are kept', async () => {
    const { laptop, live } = scenes.elsewhere;
    laptop.launch('l2');
    expect(await laptop.call('l2', adopt('d1'))).toMatchObject({ reason: 'adopted_by_user' });
    expect(await laptop.call('l2')).toMatchObject({ reason: 'current_forge_active' });
    expect(await live()).toEqual(['l2']);
    // The next call settles it.
    expect(await laptop.store.unknownClaims()).toEqual([]);
    laptop.launch('l3');
    expect(await laptop.call('l3')).toMatchObject({ resumed: true });
    expect(laptop.read('l1')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(kept(laptop)).toMatchObject([{ turn: 'of the lost claim' }]);
    expect(await laptop.call('l1')).toMatchObject({ reason: 'current_forge_present' });
    expect(await live()).toEqual(['l3']);
  });

  it('adopting the claim itself is refused where the database has the run elsewhere: it never lives twice', async () => {
    const { laptop, live } = scenes.itself;
    laptop.launch('l2');
    await expect(laptop.call('l2', adopt('l1'))).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    expect(laptop.read('l1')).toMatchObject({ active: true });
    expect(await live()).toEqual(['d1']);
  });

  it('so it is where the lost claim was made for another conversation', async () => {
    const { laptop, live } = scenes.other;
    expect(await laptop.store.unknownClaims()).toEqual([{ session: 'l1', isEarlier: false, elsewhere: 'd1' }]);
    laptop.launch('l2');
    await expect(laptop.call('l2', adopt('l1'))).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    expect(await live()).toEqual(['d1']);
  });

  it('hands the run on from where it knows it; who claimed it is refused, and never lives beside that by the database', async () => {
    const { desk, laptop, live, store } = scenes.left;
    desk.launch('d2');
    expect(await desk.call('d2')).toMatchObject({ resumed: true });
    await expect(laptop.call('l1')).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    const text = JSON.stringify(laptop.read('l1'));
    await expect(store.putRun({ session: 'l1', text, epoch: '2' })).rejects.toMatchObject({ code: 'OWNER_CHANGED' });
    expect(await live()).toEqual(['d2']);
  });

  it('never gives the epoch of a lost hand-over again: what it claimed stays refused behind as many hand-overs', async () => {
    const { laptop, desk, live, store } = scenes.again;
    // On the older timeline l2 had the run with epoch 3; on this one it is handed over twice too, through a clone on the desk.
    const into = (session: string, source: string) => {
      desk.launch(session);
      return desk.call(session, adopt(source));
    };
    expect(await into('l2', 'd1')).toMatchObject({ reason: 'adopted_by_user' });
    expect(await into('d3', 'l2')).toMatchObject({ reason: 'adopted_by_user' });
    const text = JSON.stringify(liveRun({ iteration: 9 }));
    await expect(store.putRun({ session: 'l2', text, epoch: '3' })).rejects.toMatchObject({ code: 'OWNER_CHANGED' });
    expect(await live()).toEqual(['d3']);
    expect(await laptop.call('l2')).toMatchObject({ reason: 'current_forge_present' });
    expect(laptop.read('l2')).toMatchObject({ active: false });
    expect(await live()).toEqual(['d3']);
  });

  it('a turn that it lost is kept where the run was handed on without it', async () => {
    const { desk, laptop, live } = scenes.turn;
    await handOver(laptop, 'l1');
    await desk.call('d1');
    expect(desk.read('d1')).toMatchObject({ active: false });
    expect(kept(desk)).toMatchObject([{ turn: 'lost' }]);
    expect(await live()).toEqual(['l1']);
  });

  it('a run that was started since is unknown there, and goes on once a person adopts it', async () => {
    const { desk, live } = scenes.started;
    await expect(desk.call('d2', { payloadSessionId: 'c2' })).rejects.toMatchObject({ code: 'RECOVERY_BLOCKED' });
    desk.launch('d3');
    expect(await desk.call('d3', adopt('d2'))).toMatchObject({ reason: 'adopted_by_user' });
    expect(desk.read('d3')).toMatchObject({ active: true, started_at: '2026-02-02T00:00:00.000Z' });
    expect(desk.read('d2')).toMatchObject({ active: false });
    expect(await live()).toEqual(['d1', 'd3']);
  });
});
