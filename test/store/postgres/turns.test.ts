import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveRun, postgresHosts, type TestHost, type TestHosts } from '../../support/postgres-hosts.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

describe.runIf(needsPostgres())('the last turn of a run, by which its owner lives', () => {
  const used = usePostgres();
  let hosts: TestHosts;
  let desk: TestHost;
  let laptop: TestHost;
  let projects = 0;

  beforeEach(async () => {
    projects += 1;
    hosts = postgresHosts(used.pool, `turns-${projects}`);
    [desk, laptop] = [await hosts.host('desk'), await hosts.host('laptop')];
  });

  afterEach(() => hosts.remove());

  const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
  const signs = async (): Promise<Record<string, string>> => {
    const { runs } = await desk.store.overview();
    return Object.fromEntries(runs.map(({ session, liveness }) => [session, liveness.sign]));
  };
  /** Makes all turns be of two minutes ago. */
  const wait = () => used.pool.query("UPDATE forge_session_resume.run SET turn_at = turn_at - interval '2 minutes'");

  it('a run that lies there for long counts none by being brought in, handed over, given back or adopted', async () => {
    desk.write('d1', liveRun({ last_turn_at: ago(3_600_000) }));
    desk.launch('d2');
    expect(await desk.call('d2')).toMatchObject({ resumed: true });
    expect(await desk.call('d2', { command: { kind: 'undo' } })).toMatchObject({ reason: 'given_back_by_user' });
    const adopted = await desk.call('d2', { command: { kind: 'adopt', source: 'd1' } });
    expect(adopted).toMatchObject({ reason: 'adopted_by_user', owner: { sign: 'no_sign' } });
  });

  it('counts where its runtime raised the iteration, and by no other field', async () => {
    desk.write('d1', liveRun());
    await desk.call('d1');
    desk.write('d1', liveRun({ iteration: 1, current_phase: 'reviewing' }));
    await desk.call('d1');
    expect(await signs()).toEqual({ d1: 'no_sign' });
    desk.write('d1', liveRun({ iteration: 2 }));
    await desk.call('d1');
    expect(await signs()).toEqual({ d1: 'recent_turn' });
    await wait();
    desk.write('d1', liveRun({ iteration: 2, current_phase: 'reviewing' }));
    await desk.call('d1');
    expect(await signs()).toEqual({ d1: 'no_sign' });
  });

  it('of a run that is new in the database is what the run says, as on files', async () => {
    desk.write('d1', liveRun({ last_turn_at: ago(5_000) }));
    desk.write('d2', liveRun({ updated_at: ago(65_000) }));
    desk.write('d3', liveRun({ last_turn_at: ago(-60_000) }));
    desk.write('d4', liveRun({ last_turn_at: '-271821-04-20T00:00:00.000Z' }));
    await desk.call('d1');
    expect(await signs()).toEqual({ d1: 'recent_turn', d2: 'no_sign', d3: 'no_sign', d4: 'no_sign' });
    await wait();
    // Another run in that session.
    desk.write('d1', liveRun({ started_at: '2026-02-02T00:00:00.000Z', last_turn_at: ago(5_000) }));
    await desk.call('d1');
    expect(await signs()).toMatchObject({ d1: 'recent_turn' });
    desk.write('d1', liveRun({ started_at: '2026-03-03T00:00:00.000Z' }));
    await desk.call('d1');
    expect(await signs()).toMatchObject({ d1: 'no_sign' });
  });

  it('goes with the run: what stands at home tells of no turn that it counted elsewhere', async () => {
    desk.write('d1', liveRun({ last_turn_at: ago(5_000) }));
    await desk.call('d1');
    laptop.launch('l1');
    await laptop.call('l1');
    expect(await signs()).toMatchObject({ l1: 'recent_turn' });
    await used.pool.query("UPDATE forge_session_resume.run SET turn_at = now() - interval '2 minutes' WHERE active");
    await desk.call('d1', { comeHome: true });
    expect(await signs()).toMatchObject({ d1: 'no_sign' });
  });

  it('by the library counts where a write raises the iteration, or begins a run', async () => {
    const { store } = desk;
    await store.addSession('d1');
    await store.putRun({ session: 'd1', text: JSON.stringify(liveRun({ iteration: 5 })) });
    const put = async (changes: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
      await wait();
      const { epoch } = (await store.getRun('d1')) ?? {};
      await store.putRun({ session: 'd1', epoch, text: JSON.stringify(liveRun(changes)) });
      return (await signs())['d1'];
    };
    expect(await put({ iteration: 5, current_phase: 'reviewing' })).toBe('no_sign');
    expect(await put({ iteration: 6 })).toBe('recent_turn');
    expect(await put({ iteration: 1, started_at: '2026-02-02T00:00:00.000Z' })).toBe('recent_turn');
    expect(await put({ iteration: 'odd', started_at: '2026-03-03T00:00:00.000Z' })).toBe('recent_turn');
    expect(await put({ iteration: 'odd', started_at: '2026-03-03T00:00:00.000Z' })).toBe('no_sign');
    expect(await put({ iteration: 1, started_at: '2026-03-03T00:00:00.000Z' })).toBe('recent_turn');
  });
});
