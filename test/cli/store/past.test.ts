import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needsPostgres } from '../../support/postgres-server.ts';
import { runProgram, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

describe.runIf(needsPostgres())('the past of a project whose runs are in PostgreSQL', () => {
  const store = useStoreServer();

  async function makeHosts(): Promise<[desk: StoreHost, laptop: StoreHost]> {
    const project = randomUUID();
    const make = (): StoreHost => new StoreHost(store.url(), project);
    const desk = make();
    expect(await desk.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    return [desk, make()];
  }

  /** A run that was left at the desk, went on at the laptop, was given back and ended. */
  async function makePast(desk: StoreHost, laptop: StoreHost): Promise<void> {
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    expect(await desk.hook('launch-1')).toEqual(silent);
    laptop.box.putSessions('launch-2');
    expect(await laptop.hook('launch-2', 'SessionStart')).toEqual(silent);
    expect(await laptop.run(['undo', '--yes'], 'launch-2')).toMatchObject({ code: 0 });
    expect(await laptop.run(['adopt', 'launch-1', '--from-live', '--yes'], 'launch-2')).toMatchObject({ code: 0 });
    expect(await laptop.run(['end', 'launch-2', '--from-live', '--yes'])).toMatchObject({ code: 0 });
  }

  it('history tells hand-overs and endings on every host, and what this host was refused', async () => {
    const [desk, laptop] = await makeHosts();
    await makePast(desk, laptop);
    laptop.box.declare({ liveRuns: 2 });
    for (const id of ['launch-4', 'launch-5']) laptop.write(id, liveRun({ owner_codex_session_id: 'other' }));
    laptop.box.putSessions('launch-3');
    expect(await laptop.hook('launch-3', 'SessionStart', 'other')).toEqual(silent);
    const [here, there] = await Promise.all(
      [desk, laptop].map(async (host) => JSON.parse((await host.run(['history', '--json'])).stdout)),
    );
    const happened = [
      { what: 'ended', from: 'launch-2', to: null, reason: 'ended_by_user' },
      { what: 'adopted', from: 'launch-1', to: 'launch-2' },
      { what: 'given_back', from: 'launch-2', to: 'launch-1' },
      { what: 'resumed', from: 'launch-1', to: 'launch-2', pid: null, transferId: expect.stringMatching(/^\w+-\w+$/) },
    ];
    expect(here).toMatchObject({ schema: 1, store: { project: desk.project }, events: happened, unreadable: [] });
    const refused = { what: 'refused', to: 'launch-3', reason: 'multiple_matching_prior_forges' };
    expect(there).toMatchObject({ events: [refused, ...happened] });
    const only = await desk.run(['history', '--json', '--session', 'launch-1', '--limit', '2']);
    expect(JSON.parse(only.stdout).events).toMatchObject(happened.slice(1, 3));
    const since = await desk.run(['history', '--json', '--since', '2999-01-01']);
    expect(JSON.parse(since.stdout).events).toEqual([]);
    const { stdout } = await desk.run(['history']);
    expect(stdout).toMatch(/^Store {4}postgres:\/\/postgres@\S+, project \S+\n\nWHEN/m);
    expect(stdout).toMatch(/ {2}given back {2}launch-2 +launch-1 /);
  }, 60_000);

  it('why --last says what was decided and what to do now, by the same record', async () => {
    const [desk, laptop] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    await desk.hook('launch-1');
    laptop.box.putSessions('launch-2');
    await laptop.hook('launch-2', 'SessionStart');
    const last = JSON.parse((await desk.run(['why', '--last', '1', '--json'])).stdout);
    expect(last).toMatchObject({
      schema: 1,
      store: { project: desk.project },
      decisions: [{ what: 'resumed', answer: 'Resumed: the run of launch-1 moved to launch-2.', to: 'launch-2' }],
    });
    const [, ...undo] = last.decisions[0].command;
    expect(undo.slice(0, 4)).toEqual(['undo', expect.any(String), '--from', 'launch-2']);
    expect(await desk.run([...undo, '--from-live', '--yes'])).toMatchObject({ code: 0 });
    const { stdout } = await desk.run(['why', '--last']);
    expect(stdout).toContain('Given back: the run of launch-2 moved to launch-1.');
    expect(stdout).toMatch(/^The runs are in postgres:\/\/postgres@\S+, project \S+$/m);
  }, 60_000);

  it('a call of which nothing stays is not in the history', async () => {
    const [desk] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    desk.box.putSessions('launch-2');
    await desk.run(['why', '--session-id', 's1'], 'launch-2');
    await desk.run(['end', 'launch-1', '--from-live', '--dry-run']);
    expect(JSON.parse((await desk.run(['history', '--json'])).stdout).events).toEqual([]);
  }, 60_000);

  it('hand-overs from before the history are carried over by db migrate; until then a hand-over says to run it', async () => {
    const [desk, laptop] = await makeHosts();
    desk.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    await desk.hook('launch-1');
    laptop.box.putSessions('launch-2');
    await laptop.hook('launch-2', 'SessionStart');
    await store.ask('DROP TABLE forge_session_resume.history, forge_session_resume.companion');
    await store.ask('DROP FUNCTION forge_session_resume.as_jsonb');
    await store.ask('DELETE FROM forge_session_resume.migration');
    await store.ask('INSERT INTO forge_session_resume.migration (version) VALUES (1)');
    desk.box.putSessions('launch-3');
    const says = /the database has not all tables.*db migrate/s;
    expect(await desk.hook('launch-3', 'SessionStart')).toMatchObject({ code: 0, stderr: expect.stringMatching(says) });
    expect(await desk.run(['history'])).toMatchObject({ code: 0, stderr: expect.stringMatching(says) });
    expect((await desk.run(['doctor'])).stdout).toMatch(/^FR023 database-schema/m);
    expect(await desk.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    const { events } = JSON.parse((await desk.run(['history', '--json', '--session', 'launch-2'])).stdout);
    expect(events).toMatchObject([{ what: 'resumed', from: 'launch-1', to: 'launch-2' }]);
    expect(await desk.hook('launch-3', 'SessionStart')).toEqual(silent);
    expect(desk.box.run('launch-3')).toMatchObject({ active: true });
  }, 60_000);
});

describe('the past of a project whose database is away', () => {
  it('is that of this host, with one line about what is missing', async () => {
    const box = makeSandbox();
    const logs = join(box.project, '.rcs', 'logs');
    fs.mkdirSync(logs, { recursive: true });
    const line = { time: '2026-03-04T10:00:00.000Z', currentRcsSessionId: 'now', reason: 'no_matching_prior_forge' };
    fs.writeFileSync(join(logs, 'forge-resume-2026-03-04.jsonl'), `${JSON.stringify(line)}\n`);
    const env = { FORGE_RESUME_STORE: 'postgres://me:gehe1m@127.0.0.1:1/runs', FORGE_RESUME_PROJECT: 'shop' };
    for (const args of [['history'], ['why', '--last']]) {
      const told = await runProgram(args, { cwd: box.project, env });
      expect(told).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/^forge-resume \w+: .*ECONNREFUSED.*See that postgres:\/\/me@\S+ answers/),
        stdout: expect.stringMatching(/^Not shown: postgres:\/\/me@127\.0\.0\.1:1\/runs, which cannot be read$/m),
      });
      expect(told.stdout).toMatch(/none matches|no other session/);
      expect(JSON.stringify(told)).not.toContain('gehe1m');
      const json = JSON.parse((await runProgram([...args, '--json'], { cwd: box.project, env })).stdout);
      expect(json).toMatchObject({
        store: { url: 'postgres://me@127.0.0.1:1/runs', project: 'shop' },
        unreadable: [{ file: 'postgres://me@127.0.0.1:1/runs', lines: null }],
      });
    }
  });

  it('where what names it cannot be understood, the same', async () => {
    const box = makeSandbox();
    const env = { FORGE_RESUME_STORE: 'mysql://db/x' };
    const told = await runProgram(['history'], { cwd: box.project, env });
    expect(told).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('begins with postgres://'),
      stdout: expect.stringContaining('Not shown: what says in which database the runs are, which cannot be read'),
    });
  });
});
