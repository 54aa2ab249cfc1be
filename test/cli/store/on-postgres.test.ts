import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { needsPostgres } from '../../support/postgres-server.ts';
import { logOf, oneLine, runProgram, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { openFadingServer } from '../../support/store/fading-server.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

describe.runIf(needsPostgres())('commands on a store in PostgreSQL', () => {
  const store = useStoreServer();

  /** Hosts that share a project of which the database knows nothing yet. */
  async function makeHosts(): Promise<[desk: StoreHost, laptop: StoreHost, pod: StoreHost]> {
    const project = randomUUID();
    const make = (): StoreHost => new StoreHost(store.url(), project);
    const desk = make();
    expect(await desk.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    return [desk, make(), make()];
  }

  /** All that a project's rows say. */
  const rows = () =>
    store.ask(
      `SELECT (SELECT json_agg(p) FROM forge_session_resume.project AS p) AS projects,
         (SELECT json_agg(s) FROM forge_session_resume.session AS s) AS sessions,
         (SELECT json_agg(r) FROM forge_session_resume.run AS r) AS runs,
         (SELECT json_agg(t) FROM forge_session_resume.transfer AS t) AS transfers`,
    );

  it('db migrate prints the statements, runs them once, and refuses tables of a newer release', async () => {
    const host = new StoreHost(store.url(), 'x');
    await store.ask('DROP SCHEMA IF EXISTS forge_session_resume CASCADE');
    const dry = await host.run(['db', 'migrate', '--dry-run']);
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^CREATE SCHEMA .*from version 0 to \d+, in /s),
    });
    expect(await store.ask("SELECT FROM pg_namespace WHERE nspname = 'forge_session_resume'")).toEqual([]);
    const done = await host.run(['db', 'migrate']);
    expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/-- Done: from version 0 to \d+, in /) });
    const again = await host.run(['db', 'migrate', '--json']);
    const { to, ...told } = JSON.parse(again.stdout);
    expect(told).toMatchObject({ schema: 1, from: to, dryRun: false, statements: [] });
    await store.ask('INSERT INTO forge_session_resume.migration (version) VALUES ($1)', [to + 1]);
    const says = /JOURNAL_VERSION|are of a newer release/;
    expect(await host.run(['db', 'migrate'])).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    expect(await host.run(['status'])).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    expect(await host.hook('now')).toEqual(silent);
    host.box.putSessions('now');
    expect(await host.hook('now')).toEqual(oneLine(says));
    await store.ask('DELETE FROM forge_session_resume.migration WHERE version = $1', [to + 1]);
  }, 60_000);

  it('a run that was left at the desk goes on at the laptop; both files say so, and status on either host', async () => {
    const [desk, laptop] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1', iteration: 3 }));
    expect((await desk.run(['status'])).stdout).toContain('the next call brings in');
    expect(await desk.hook('launch-1')).toEqual(silent);
    desk.write('launch-1', { iteration: 4 });
    expect(await desk.hook('launch-1')).toEqual(silent);

    laptop.box.putSessions('launch-2');
    expect((await laptop.run(['why'], 'launch-2')).stdout).toMatch(
      /^A call now would resume: the run would move to launch-2/,
    );
    expect(await laptop.hook('launch-2', 'SessionStart')).toEqual(silent);
    expect(laptop.box.run('launch-2')).toMatchObject({ active: true, iteration: 4, owner_rcs_session_id: 'launch-2' });
    expect(logOf(laptop.box.project)).toMatchObject([{ resumed: true, reason: 'resumed_same_codex_session' }]);

    for (const host of [desk, laptop]) {
      const status = JSON.parse((await host.run(['status', '--json'])).stdout);
      expect(status).toMatchObject({ schema: 1, lock: { state: 'free', kind: 'database' }, journals: [] });
      expect(status.runs).toMatchObject([
        { session: 'launch-2', active: true, iteration: 4 },
        { session: 'launch-1', active: false, phase: 'cancelled' },
      ]);
    }

    // The desk wakes in the turn that it was in.
    desk.write('launch-1', { iteration: 5 });
    await desk.hook('launch-1');
    expect(desk.box.run('launch-1')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    expect(laptop.box.run('launch-2')).toMatchObject({ active: true, iteration: 4 });
  }, 60_000);

  it('the files beside a run go with it, by the agent’s hook and by adopt; what stands there already is named', async () => {
    const [desk, laptop, pod] = await makeHosts();
    const beside = (host: StoreHost, session: string): string =>
      join(dirname(host.box.runFile(session)), 'run-state.json');
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    fs.writeFileSync(beside(desk, 'launch-1'), '{"of":"the desk"}');
    expect(await desk.hook('launch-1')).toEqual(silent);
    laptop.box.putSessions('launch-2');
    expect(await laptop.hook('launch-2', 'SessionStart')).toEqual(silent);
    expect(fs.readFileSync(beside(laptop, 'launch-2'), 'utf8')).toBe('{"of":"the desk"}');
    pod.box.putSessions('launch-3');
    fs.writeFileSync(beside(pod, 'launch-3'), 'its own');
    const adopt = ['adopt', 'launch-2', '--from-live', '--yes', '--json'];
    const { result } = JSON.parse((await pod.run(adopt, 'launch-3')).stdout.split('\n').at(0) ?? '');
    expect(result.warnings).toEqual([expect.stringContaining('launch-3 has its own')]);
    expect(fs.readFileSync(beside(pod, 'launch-3'), 'utf8')).toBe('its own');
  }, 60_000);

  it('notify and reconcile make the same call; reconcile says where the runs are', async () => {
    const [desk, laptop] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    const payload = { type: 'agent-turn-complete', session_id: 's1', cwd: desk.box.project };
    expect(await desk.run(['notify', JSON.stringify(payload)], 'launch-1')).toEqual(silent);
    laptop.box.putSessions('launch-2');
    const dry = await laptop.run(['reconcile', '--dry-run', '--session-id', 's1', '--json'], 'launch-2');
    expect(JSON.parse(dry.stdout)).toMatchObject({ reason: 'resumed_same_codex_session', session: 'launch-2' });
    expect(laptop.box.raw('launch-2')).toBeUndefined();
    const record = join(laptop.home, 'call.jsonl');
    const args = ['reconcile', '--session-id', 's1', '--json', '--record', record, '--full'];
    const resumed = await laptop.run(args, 'launch-2');
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringMatching(/reconcile: its runs are in postgres:/) });
    expect(JSON.parse(resumed.stdout)).toMatchObject({ schema: 1, reason: 'resumed_same_codex_session' });
    const [header = '', ...records] = fs.readFileSync(record, 'utf8').trimEnd().split('\n');
    expect(JSON.parse(header)).toMatchObject({ by: 'reconcile', store: 'postgres' });
    expect(JSON.parse(records.at(-1) ?? '')).toMatchObject({ kind: 'end', reason: 'resumed_same_codex_session' });
    const again = await laptop.run(args.slice(0, 4), 'launch-2');
    expect(JSON.parse(again.stdout)).toMatchObject({ reason: 'current_forge_active', updatedCurrentOwner: false });
  }, 60_000);

  it('adopt, undo and end ask the database, by plans that a change makes void', async () => {
    const [desk, laptop] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1', owner_codex_session_id: 'other' }));
    await desk.hook('launch-1', 'Stop', 'other');
    desk.write('launch-1', { iteration: 6 });
    await desk.hook('launch-1', 'Stop', 'other');
    laptop.box.putSessions('launch-2');
    const refused = await laptop.run(['adopt', 'launch-1', '--yes'], 'launch-2');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('the owner of the run lives') });
    const planned = await laptop.run(['adopt', 'launch-1', '--from-live', '--dry-run', '--json'], 'launch-2');
    const { plan } = JSON.parse(planned.stdout);
    expect(plan).toMatchObject({
      command: 'adopt',
      from: { session: 'launch-1', holds: 'active', owner: 'other' },
      to: { session: 'launch-2', holds: 'absent' },
      liveness: { state: 'live', sign: 'recent_turn' },
      refusal: null,
    });
    desk.write('launch-1', { iteration: 9 });
    await desk.hook('launch-1', 'Stop', 'other');
    const adopt = ['adopt', 'launch-1', '--from-live', '--yes', '--session-id', 's1'];
    const moved = await laptop.run([...adopt, '--plan', plan.id], 'launch-2');
    expect(moved).toMatchObject({ code: 1, stderr: expect.stringContaining('what the plan rests on has moved') });
    expect(await laptop.run(adopt, 'launch-2')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Adopted: /m),
    });
    expect(laptop.box.run('launch-2')).toMatchObject({ active: true, iteration: 9, owner_codex_session_id: 's1' });
    // Whoever had it finds out.
    await desk.hook('launch-1', 'Stop', 'other');
    expect(desk.box.run('launch-1')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
    const back = await laptop.run(['undo', '--from-live', '--yes'], 'launch-2');
    expect(back).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Given back: /m) });
    expect(laptop.box.run('launch-2')).toMatchObject({ active: false });
    await desk.hook('launch-1', 'Stop', 'other');
    expect(desk.box.run('launch-1')).toMatchObject({ active: true, iteration: 9, owner_codex_session_id: 'other' });
    const ended = await laptop.run(['end', 'launch-1', '--from-live', '--yes']);
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Ended: /m) });
    await desk.hook('launch-1', 'Stop', 'other');
    expect(desk.box.run('launch-1')).toMatchObject({ active: false, stop_reason: 'ended_by_user' });
  }, 60_000);

  it('adopt --into takes a session that was launched on this host and made no call yet, and its plan says so', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    await desk.hook('launch-1');
    desk.box.putSessions('launch-2');
    const adopt = ['adopt', 'launch-1', '--into', 'launch-2', '--from-live'];
    const planned = await desk.run([...adopt, '--dry-run', '--json']);
    expect(JSON.parse(planned.stdout).plan).toMatchObject({
      to: { session: 'launch-2', holds: 'absent' },
      refusal: null,
    });
    expect(await desk.run([...adopt, '--yes'])).toMatchObject({ code: 0 });
    expect(desk.box.run('launch-2')).toMatchObject({ active: true });
    const nowhere = await desk.run(['adopt', 'launch-2', '--into', 'launch-3', '--from-live', '--yes']);
    expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no session launch-3') });
  }, 60_000);

  it('why says of a session whose folder is a link what a call would fail with', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    fs.symlinkSync('launch-1', join(dirname(dirname(desk.box.runFile('launch-1'))), 'launch-2'));
    const { code, stdout } = await desk.run(['why', '--session-id', 's1'], 'launch-2');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^A call now would fail: STATE_UNSAFE\./)]);
  }, 60_000);

  it('end keeps the bytes of the run here first, and prints what puts them back where the run is of this host', async () => {
    const [desk, laptop] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1', iteration: 3 }));
    await desk.hook('launch-1');
    const live = desk.box.raw('launch-1');
    const keptIn = ({ stdout }: { stdout: string }): string => /^Kept: (.+)$/m.exec(stdout)?.[1] ?? '';
    const ended = await desk.run(['end', 'launch-1', '--from-live', '--yes']);
    expect(fs.readFileSync(keptIn(ended), 'utf8')).toBe(live);
    const back = /^Back: (cp .+)$/m.exec(ended.stdout)?.[1] ?? '';
    execFileSync('sh', ['-c', back]);
    expect(await desk.hook('launch-1')).toEqual(silent);
    laptop.box.putSessions('launch-2');
    const status = JSON.parse((await laptop.run(['status', '--json'])).stdout);
    expect(status.runs).toMatchObject([{ session: 'launch-1', active: true, iteration: 3 }]);
    // Its file is on another host.
    const elsewhere = await laptop.run(['end', 'launch-1', '--from-live', '--yes']);
    expect(fs.readFileSync(keptIn(elsewhere), 'utf8')).toBe(live);
    expect(elsewhere.stdout).not.toMatch(/^Back:/m);
  }, 60_000);

  it('of why and of plans nothing stays, though they see what a call would bring along from this host', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    desk.box.putSessions('launch-2');
    const before = [await rows(), desk.box.snapshot(), desk.box.tree()];
    const dry = [
      ['why', '--session-id', 's1', '--json'],
      ['adopt', 'launch-1', '--from-live', '--dry-run', '--json'],
      ['end', 'launch-1', '--from-live', '--dry-run', '--json'],
    ];
    const told = [];
    for (const args of dry) told.push(JSON.parse((await desk.run(args, 'launch-2')).stdout));
    expect(told).toMatchObject([
      { reason: 'resumed_same_codex_session', candidates: [{ session: 'launch-1', excludedBy: null }] },
      { plan: { from: { session: 'launch-1', holds: 'active' }, refusal: null } },
      { plan: { from: { session: 'launch-1', holds: 'active' }, refusal: null } },
    ]);
    expect([await rows(), desk.box.snapshot(), desk.box.tree()]).toEqual(before);
    // The plan is that of the call, which brings it along.
    const { id } = told[1].plan;
    const adopt = ['adopt', 'launch-1', '--from-live', '--yes', '--plan', id];
    expect(await desk.run(adopt, 'launch-2')).toMatchObject({ code: 0 });
    expect(desk.box.run('launch-2')).toMatchObject({ active: true });
  }, 60_000);

  it('why, of a run that only this host has yet, names the conversation that the call brings along, and what it comes to', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    desk.box.putSessions('launch-2');
    const why = JSON.parse((await desk.run(['why', '--json'], 'launch-2')).stdout);
    expect(why).toMatchObject({
      reason: 'resumed_same_codex_session',
      conversation: { sessionId: 's1', by: 'the only conversation with a live run' },
      candidates: [{ session: 'launch-1', excludedBy: null }],
      command: null,
      wouldResumeIf: null,
    });
    // Another one in the database: then it is one of two.
    await desk.hook('launch-1');
    desk.write('launch-3', liveRun({ owner_rcs_session_id: 'launch-3', owner_codex_session_id: 's3' }));
    const two = JSON.parse((await desk.run(['why', '--json'], 'launch-2')).stdout);
    expect(two).toMatchObject({ reason: 'payload_codex_identity_missing', conversation: { by: 'nothing' } });
  }, 60_000);

  it('why names what rules each run out, and a command that makes it resume', async () => {
    const [desk, laptop, pod] = await makeHosts();
    for (const [host, id] of [
      [desk, 'launch-1'],
      [pod, 'launch-3'],
    ] as const) {
      host.write(id, liveRun({ owner_rcs_session_id: id }));
      await host.hook(id);
    }
    desk.write('launch-0', liveRun({ owner_rcs_session_id: 'launch-0', active: false, current_phase: 'complete' }));
    await desk.hook('launch-0', 'Stop', 's0');
    laptop.box.putSessions('launch-2');
    const why = JSON.parse((await laptop.run(['why', '--session-id', 's1', '--json'], 'launch-2')).stdout);
    expect(why).toMatchObject({
      reason: 'multiple_matching_prior_forges',
      candidates: [
        { session: 'launch-0', excludedBy: 'not_active' },
        { session: 'launch-1', excludedBy: 'several' },
        { session: 'launch-3', excludedBy: 'several' },
      ],
    });
    const [, ...adopt] = why.command as string[];
    expect(await laptop.run([...adopt, '--from-live', '--yes'], 'launch-2')).toMatchObject({ code: 0 });
    expect(laptop.box.run('launch-2')).toMatchObject({ active: true });
  }, 60_000);

  it('a lock that another host holds: commands exit with 75, an agent is told in one line, status shows it', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    expect(await desk.hook('launch-1')).toEqual(silent);
    const client = new pg.Client({ connectionString: store.url() });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('BEGIN');
    const lock = 'SELECT pg_advisory_xact_lock(1718580083, max(id)) FROM forge_session_resume.project';
    await client.query(lock);
    desk.write('launch-1', { iteration: 7 });
    const [hook, reconcile, status] = await Promise.all([
      desk.hook('launch-1'),
      desk.run(['reconcile', '--session-id', 's1'], 'launch-1'),
      desk.run(['status'], 'launch-1'),
    ]);
    expect(hook).toEqual(
      oneLine(/resume_lock_timeout: another call held the lock of project \S+\. The next turn tries again/),
    );
    expect(reconcile).toMatchObject({ code: 75 });
    expect(status).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Lock {5}held: a call on some host has it$/m),
    });
    await client.query('ROLLBACK');
    expect(await desk.hook('launch-1')).toEqual(silent);
  }, 60_000);

  it('a server that falls silent in the middle of a call costs an agent 2 s and its start', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    expect(await desk.hook('launch-1')).toEqual(silent);
    desk.write('launch-1', { iteration: 8 });
    const before = desk.box.snapshot();
    // It answers the look, and nothing behind it.
    const port = await openFadingServer(store.server().folder, 2);
    const FORGE_RESUME_STORE = `postgres://postgres@127.0.0.1:${port}/postgres`;
    const env = { FORGE_RESUME_STORE, FORGE_RESUME_PROJECT: desk.project, RCS_SESSION_ID: 'launch-1' };
    const input = JSON.stringify({ hook_event_name: 'Stop', session_id: 's1', cwd: desk.box.project });
    const since = performance.now();
    expect(await runProgram(['hook'], { env, input })).toEqual(oneLine(/the database|another call/));
    expect(performance.now() - since).toBeLessThan(2_000 + 2_500);
    fs.rmSync(join(desk.box.project, '.rcs', 'logs'), { recursive: true });
    expect(desk.box.snapshot()).toEqual(before);
    expect(await desk.hook('launch-1')).toEqual(silent);
  }, 60_000);

  it.runIf(process.getuid?.() === 0)(
    'root in the project of a user leaves nothing of root’s there',
    async () => {
      const [desk, laptop] = await makeHosts();
      desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
      expect(await desk.hook('launch-1')).toEqual(silent);
      fs.chmodSync(store.server().folder, 0o711);
      laptop.box.putSessions('launch-2');
      const { project } = laptop.box;
      for (const path of ['', ...laptop.box.tree()]) fs.chownSync(join(project, path), 65_534, 65_534);
      fs.chmodSync(project, 0o755);
      expect(await laptop.hook('launch-2', 'SessionStart')).toEqual(silent);
      expect(laptop.box.run('launch-2')).toMatchObject({ active: true });
      const owners = laptop.box.tree().map((path) => fs.lstatSync(join(project, path)).uid);
      expect(new Set(owners)).toEqual(new Set([65_534]));
      expect(laptop.box.tree().some((path) => path.includes('/logs/'))).toBe(true);
    },
    60_000,
  );

  /** Makes a role that the server asks for its password, which is `right`. */
  async function askForPassword(role: string): Promise<void> {
    await store.ask(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'right'`);
    const [{ hba_file: hba } = {}] = await store.ask("SELECT current_setting('hba_file') AS hba_file");
    const lines = `VALUES (1, 'local all ${role} scram-sha-256'), (2, 'local all all trust')`;
    await store.ask(`COPY (SELECT line FROM (${lines}) AS l (n, line) ORDER BY n) TO '${hba}'`);
    await store.ask('SELECT pg_reload_conf()');
  }

  it('a password in ~/.pgpass is used, and pg’s word about it is nothing for an agent', async () => {
    const [desk] = await makeHosts();
    await askForPassword('noted');
    const host = new StoreHost(store.url('noted'), desk.project);
    host.box.putSessions('now');
    expect(await host.hook('now')).toEqual(oneLine(/password/));
    fs.writeFileSync(join(host.home, '.pgpass'), '*:*:*:noted:right\n', { mode: 0o600 });
    expect(await host.hook('now')).toEqual(silent);
    expect(await host.run(['status'])).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);

  it('a wrong password is one line for an agent, and never shown', async () => {
    const [host] = await makeHosts();
    await askForPassword('locked');
    const locked = new StoreHost(store.url('locked', 'gehe1m'), 'x');
    locked.box.putSessions('now');
    const says = /password authentication failed for user "locked"/;
    const ended = [await locked.hook('now'), await locked.run(['status']), await locked.run(['doctor'])];
    expect(ended).toMatchObject([
      oneLine(says),
      { code: 1, stderr: expect.stringMatching(says) },
      { code: 3, stdout: expect.stringMatching(/^FR022 database-away/m) },
    ]);
    expect(JSON.stringify([ended, logOf(locked.box.project)])).not.toContain('gehe1m');
    expect(await host.run(['status'])).toMatchObject({ code: 0 });
  }, 60_000);
});
