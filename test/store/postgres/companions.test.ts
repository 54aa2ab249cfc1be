import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveRun, postgresHosts, type TestHost, type TestHosts } from '../../support/postgres-hosts.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

const names = ['run-state.json', 'skill-active-state.json'] as const;

describe.runIf(needsPostgres())('files beside a run go with it from host to host', () => {
  const used = usePostgres();
  let hosts: TestHosts;
  let desk: TestHost;
  let laptop: TestHost;
  let projects = 0;

  beforeEach(async () => {
    projects += 1;
    hosts = postgresHosts(used.pool, `companions-${projects}`);
    desk = await hosts.host('desk');
    laptop = await hosts.host('laptop');
  });
  afterEach(() => hosts.remove());

  const pathOf = (host: TestHost, session: string, name: string = names[0]): string =>
    join(dirname(host.path(session)), name);
  const put = (host: TestHost, session: string, text: string, name?: string): void =>
    writeFileSync(pathOf(host, session, name), text);
  const read = (host: TestHost, session: string, name?: string): string | undefined => {
    try {
      return readFileSync(pathOf(host, session, name), 'utf8');
    } catch {
      return undefined;
    }
  };
  const stored = async (): Promise<unknown[]> => {
    const { rows } = await used.pool.query(
      `SELECT c.session, c.name, convert_from(c.bytes, 'UTF8') AS text FROM forge_session_resume.companion AS c
       JOIN forge_session_resume.project AS p ON p.id = c.project WHERE p.name = $1 ORDER BY c.session, c.name`,
      [`companions-${projects}`],
    );
    return rows.map(({ session, name, text }) => `${session}/${name}: ${text}`);
  };
  const left = (host: TestHost): string[] => {
    const folder = join(host.stateDir, '.forge-resume', 'quarantine');
    try {
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    } catch {
      return [];
    }
  };

  /** A run with a file of either name beside it, which the database knows. */
  async function launch(): Promise<void> {
    desk.write('d1', liveRun());
    put(desk, 'd1', 'of turn 1');
    put(desk, 'd1', 'skills', names[1]);
    await desk.call('d1');
  }

  it('both, byte for byte, before the run; only the session that has the run keeps them in the database', async () => {
    await launch();
    expect(await stored()).toEqual(['d1/run-state.json: of turn 1', 'd1/skill-active-state.json: skills']);
    desk.write('d1', liveRun({ iteration: 2 }));
    put(desk, 'd1', 'of turn 2');
    await desk.call('d1');
    laptop.launch('l1');
    expect(await laptop.call('l1')).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect([read(laptop, 'l1'), read(laptop, 'l1', names[1])]).toEqual(['of turn 2', 'skills']);
    expect(await stored()).toEqual(['l1/run-state.json: of turn 2', 'l1/skill-active-state.json: skills']);
    // Whoever is left keeps its own.
    await desk.call('d1');
    expect(read(desk, 'd1')).toBe('of turn 2');
    expect([...left(desk), ...left(laptop)]).toEqual([]);
  });

  it('one that alone changed goes along with the next call that has the lock; one that is gone goes too', async () => {
    await launch();
    put(desk, 'd1', 'changed');
    rmSync(pathOf(desk, 'd1', names[1]));
    desk.launch('d2');
    expect(await desk.call('d2')).toMatchObject({ reason: 'resumed_same_codex_session' });
    expect([read(desk, 'd2'), read(desk, 'd2', names[1])]).toEqual(['changed', undefined]);
    expect(await stored()).toEqual(['d2/run-state.json: changed']);
  });

  it('what a session has of its own stays, and the result says so; what is unsafe is passed over', async () => {
    await launch();
    rmSync(pathOf(desk, 'd1', names[1]));
    symlinkSync('/etc/hostname', pathOf(desk, 'd1', names[1]));
    desk.write('d1', liveRun({ iteration: 2 }));
    expect(await desk.call('d1')).toMatchObject({
      warnings: ['skill-active-state.json of d1 was passed over: it cannot be read safely'],
    });
    laptop.launch('l1');
    put(laptop, 'l1', 'own');
    expect(await laptop.call('l1')).toMatchObject({
      reason: 'resumed_same_codex_session',
      warnings: ['run-state.json that goes with the run was passed over: l1 has its own'],
    });
    expect(read(laptop, 'l1')).toBe('own');
    expect(laptop.read('l1')).toMatchObject({ active: true });
    // From now on it is the run's.
    laptop.write('l1', liveRun({ iteration: 3 }));
    await laptop.call('l1');
    expect(await stored()).toContain('l1/run-state.json: own');
  });

  it('a run that comes home replaces what it left there, which is kept; what changed there since stays', async () => {
    await launch();
    laptop.launch('l1');
    await laptop.call('l1');
    await desk.call('d1');
    laptop.write('l1', liveRun({ iteration: 2 }));
    put(laptop, 'l1', 'of turn 2');
    put(laptop, 'l1', 'skills 2', names[1]);
    await laptop.call('l1');
    put(desk, 'd1', 'changed meanwhile', names[1]);
    expect(await desk.call('d1', { comeHome: true })).toMatchObject({
      reason: 'resumed_same_codex_session',
      warnings: ['skill-active-state.json that goes with the run was passed over: d1 has its own'],
    });
    expect([read(desk, 'd1'), read(desk, 'd1', names[1])]).toEqual(['of turn 2', 'changed meanwhile']);
    expect(left(desk)).toEqual(['of turn 1']);
  });

  it('of a host that slept through a hand-over none comes into the database', async () => {
    await launch();
    laptop.launch('l1');
    await laptop.call('l1');
    desk.write('d1', liveRun({ iteration: 2 }));
    put(desk, 'd1', 'late');
    await desk.call('d1');
    expect(await stored()).toContain('l1/run-state.json: of turn 1');
    expect(desk.read('d1')).toMatchObject({ active: false });
  });

  it('without the option none goes', async () => {
    desk.write('d1', liveRun());
    put(desk, 'd1', 'x');
    await desk.call('d1', { companions: 'none' });
    expect(await stored()).toEqual([]);
    await launch();
    desk.launch('d2');
    await desk.call('d2', { companions: 'none' });
    expect([desk.read('d2')?.['active'], read(desk, 'd2')]).toEqual([true, undefined]);
  });

  it('of a run that is over none is kept in the database, whoever ended it', async () => {
    await launch();
    desk.write('d1', liveRun({ active: false, current_phase: 'complete', iteration: 9 }));
    await desk.call('d1');
    expect(await stored()).toEqual([]);
    desk.write('d1', liveRun({ started_at: '2026-02-02T00:00:00.000Z' }));
    put(desk, 'd1', 'of another run');
    await desk.call('d1');
    expect(await stored()).toContain('d1/run-state.json: of another run');
    await laptop.call('', { command: { kind: 'end', session: 'd1', fromLive: true } });
    expect(await stored()).toEqual([]);
    expect(read(desk, 'd1')).toBe('of another run');
  });

  it('one that the next run of its session left as it was goes with that one too, whatever became of the last', async () => {
    await launch();
    laptop.launch('l1');
    await laptop.call('l1');
    await desk.call('d1');
    for (const [index, started_at] of ['2026-02-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'].entries()) {
      desk.write('d1', liveRun({ started_at, owner_codex_session_id: 'c2' }));
      await desk.call('d1', { payloadSessionId: 'c2' });
      expect(await stored()).toContain('d1/run-state.json: of turn 1');
      if (index === 0) await desk.call('', { command: { kind: 'end', session: 'd1', fromLive: true } });
    }
    desk.launch('d2');
    await desk.call('d2', { payloadSessionId: 'c2' });
    expect([read(desk, 'd2'), read(desk, 'd2', names[1])]).toEqual(['of turn 1', 'skills']);
  });

  it('one that the database lost with its last commits is brought again', async () => {
    await launch();
    await used.pool.query(
      `UPDATE forge_session_resume.companion AS c SET bytes = 'older' FROM forge_session_resume.project AS p
       WHERE p.id = c.project AND p.name = $1 AND c.name = $2`,
      [`companions-${projects}`, names[0]],
    );
    laptop.launch('l1');
    desk.launch('d2');
    await desk.call('d2');
    expect(read(desk, 'd2')).toBe('of turn 1');
  });

  it('a hand-over that comes to nothing, since a run was started there meanwhile, leaves them where they were', async () => {
    await launch();
    laptop.launch('l1');
    const own = liveRun({ started_at: '2026-02-02T00:00:00.000Z', owner_codex_session_id: 'c2' });
    const { reason } = await laptop.call('l1', {
      actors: ({ companions }) => ({
        companions: async (input, scope) => {
          const output = await companions(input, scope);
          laptop.write('l1', own);
          return output;
        },
      }),
    });
    expect(reason).toBe('current_forge_active');
    expect(await stored()).toEqual(['d1/run-state.json: of turn 1', 'd1/skill-active-state.json: skills']);
    expect(read(laptop, 'l1')).toBeUndefined();
  });
});
