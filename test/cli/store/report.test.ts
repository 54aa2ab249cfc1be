import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../../src/cli/report/redactor.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { runProgram, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

describe.runIf(needsPostgres())('report where the runs are in PostgreSQL', () => {
  const store = useStoreServer();

  it('why, history and doctor are those of the database, in other names', async () => {
    const project = `shop-${randomUUID()}`;
    const make = (): StoreHost => new StoreHost(store.url('postgres', 'gehe1m'), project);
    const [desk, laptop] = [make(), make()];
    expect(await desk.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    await desk.hook('launch-1');
    laptop.box.putSessions('launch-2', 'launch-3');
    expect(await laptop.hook('launch-2', 'SessionStart')).toEqual(silent);
    const before = laptop.box.snapshot();
    const { code, stdout } = await laptop.run(['report', '--json'], 'launch-3');
    expect(code).toBe(0);
    const made = JSON.parse(stdout);
    expect(made).toMatchObject({ schema: 1, why: { reason: 'resumed_same_codex_session', couldResume: true } });
    expect(made.versions).toMatchObject({ lock: 'database' });
    expect(made.why.candidates).toMatchObject([{ excludedBy: 'not_active' }, { excludedBy: null }]);
    const [moved] = made.history.events;
    expect(moved).toMatchObject({ what: 'resumed', transferId: expect.stringMatching(/^\w+-\w+$/) });
    expect([moved.from, moved.to].sort()).toEqual(
      made.why.candidates.map((one: { session: string }) => one.session).sort(),
    );
    const page = await laptop.run(['report'], 'launch-3');
    expect(stdout + page.stdout).not.toMatch(/gehe1m|postgres:\/\/|shop-|launch-|s1\b/);
    expect(laptop.box.snapshot()).toEqual(before);
  }, 60_000);

  it('a failure on the database names neither user, host, database nor password', async () => {
    const box = makeSandbox();
    const refused = store.url('nobody-of-ours', 'gehe1m').replace('/postgres', '/secret-runs');
    const away = 'postgres://nobody-of-ours:gehe1m@127.0.0.1:1/secret-runs';
    for (const url of [refused, away]) {
      const { code, stdout } = await runProgram(['report', '--json'], {
        cwd: box.project,
        env: { FORGE_RESUME_STORE: url, FORGE_RESUME_PROJECT: 'shop' },
      });
      expect(code).toBe(0);
      const made = JSON.parse(stdout);
      expect(made.doctor.findings).toEqual(
        expect.arrayContaining([expect.objectContaining({ id: 'FR022', file: expect.stringContaining('<store>') })]),
      );
      expect(made).toMatchObject({ why: { error: expect.stringContaining('<store>') }, history: { unreadable: 1 } });
      expect(stdout).not.toMatch(/gehe1m|nobody-of-ours|secret-runs|127\.0\.0\.1|pg-/);
    }
  }, 60_000);
});

describe('report: addresses of hosts', () => {
  it('are left out whether or not a store names them; times, versions and ports are not', () => {
    const { text } = makeRedactor({
      root: { stateDir: '/w/p/.rcs/state', isFound: true, others: [] },
      env: { PGHOST: 'db.internal', PGPASSWORD: 'gehe1m' },
      program: '/x/forge-resume.cjs',
      storeUrl: 'postgres://me%40corp:p%40ss@db.example.org:6432/shop?sslrootcert=/home/x',
      sessions: [],
      ids: [],
    });
    expect(text('connect ECONNREFUSED 10.1.2.3:5432')).toBe('connect ECONNREFUSED <address>:5432');
    expect(text('connect ECONNREFUSED ::1:5432 - 2001:db8::7')).toBe('connect ECONNREFUSED <address> - <address>');
    expect(text('at 12:30:45, v22.1.0, 5.4.0-1')).toBe('at 12:30:45, v22.1.0, 5.4.0-1');
    expect(text('ENOTFOUND db.example.org; user "me@corp", p@ss, db.internal, gehe1m')).toBe(
      'ENOTFOUND <store>; user "<store>", <store>, <store>, <store>',
    );
  });
});
