import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingsIn } from '../../src/cli/see/doctor/doctor-facts.ts';
import { illnesses } from '../../src/cli/see/doctor/illnesses.ts';
import { mendFindings } from '../../src/cli/see/doctor/mend-findings.ts';
import { fileSystemOf } from '../../src/cli/see/doctor/project-findings.ts';
import { age, makePatient, paneOfAgent, type Told } from '../support/doctor/patient.ts';
import { liveProcess } from '../support/processes.ts';
import { builtCli, runProgram } from '../support/program.ts';
import { inReadOnly, readOnlyMountsWork } from '../support/read-only-mount.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const root = (box: Sandbox) => ({ stateDir: box.stateDir, isFound: false, others: [] });

describe('doctor: judged by what is asked of the system', () => {
  it('FR008: an active run whose pane is gone, or was opened after the run was bound to it', async () => {
    const box = makeSandbox();
    box.putRun('a', liveRun({ owner_rcs_session_id: 'a', tmux_pane_id: '%1' }));
    const { runFindings } = await import('../../src/cli/see/doctor/run-findings.ts');
    const { statePaths } = await import('../../src/store/file/files/paths.ts');
    const around = { record: { kind: 'absent' } as const, ownPane: '', now: Date.now() + 60_000 };
    const row = { id: '%1', pid: process.pid, currentCommand: 'codex', startCommand: '' };
    const ids = (panes: (typeof row)[]): string[] =>
      runFindings(statePaths(box.stateDir), { ...around, panes }).map(({ id, evidence }) => `${id} ${evidence}`);
    expect(ids([row])).toEqual([]);
    expect(ids([{ ...row, id: '%2' }])).toEqual(['FR008 pane %1 is not there any more']);
    expect(ids([{ ...row, currentCommand: 'bash' }])).toEqual(['FR008 pane %1 has no agent in it']);
  });

  it('FR017, FR021: what installs hooks keeps the switches of those that are there', async () => {
    const patient = makePatient();
    const switches = ['--record', '/tmp/calls', '--require-dead-owner'];
    const fixes = [['forge-resume', 'install', '--agent', 'claude', '--yes', ...switches]];
    patient.putHook(`forge-resume hook ${switches.join(' ')}`);
    const { hooks } = JSON.parse(fs.readFileSync(patient.settings, 'utf8'));
    fs.writeFileSync(patient.settings, JSON.stringify({ hooks: { Stop: hooks.Stop } }));
    expect((await patient.doctor()).findings).toMatchObject([{ id: 'FR017', fixes }]);
    patient.putHook(`/bin/node /nowhere/forge-resume.cjs hook ${switches.join(' ')}`);
    expect((await patient.doctor()).findings).toMatchObject([{ id: 'FR021', fixes }]);
  });

  it('FR015: a file system that weakens promises is named', () => {
    expect(fileSystemOf('/x', () => 0x6969)).toBe('NFS');
    // As a signed number of 32 bits.
    expect(fileSystemOf('/x', () => 0xff534d42 | 0)).toBe('CIFS');
    expect(fileSystemOf('/x', () => 0x00c36400)).toBe('Ceph');
    expect(fileSystemOf('/x', () => 0xef53)).toBeUndefined();
    expect(
      fileSystemOf('/x', () => {
        throw new Error('no such call');
      }),
    ).toBeUndefined();
  });
});

describe('doctor: what is on its way is no illness', () => {
  it('a file that is being written, a transfer under way, a lock that is held', async () => {
    const box = makeSandbox();
    box.putRun('torn', '{"active":');
    box.putRun('a', liveRun({ owner_rcs_session_id: 'b', current_phase: 'complete' }));
    box.putLock('4711.1.a');
    expect(await findingsIn(root(box), {})).toEqual([]);
    fs.rmSync(box.path('.lock.forge-session-resume'), { recursive: true });
  });

  it('what only one of two looks sees', async () => {
    const box = makeSandbox();
    const file = box.putRun('a', '{');
    age(file);
    let looks = 0;
    const clock = (): number => {
      looks += 1;
      if (looks === 2) fs.writeFileSync(file, '{}');
      return Date.now();
    };
    expect(await findingsIn(root(box), {}, clock)).toEqual([]);
    expect(looks).toBe(2);
  });

  it('what is there only at the second look, beside what stays', async () => {
    const box = makeSandbox();
    age(box.putRun('a', '{'));
    let looks = 0;
    const clock = (): number => {
      looks += 1;
      if (looks === 2) age(box.putRun('b', '{'));
      return Date.now();
    };
    expect((await findingsIn(root(box), {}, clock)).map(({ file }) => file)).toEqual([box.runFile('a')]);
  });
});

describe('doctor: as a program', () => {
  it('exits with 0 where nothing is wrong, with 3 where something is, with 1 where it cannot look', async () => {
    const patient = makePatient();
    const { box } = patient;
    const doctor = (...more: string[]) => patient.run(['doctor', '--state-dir', box.stateDir, ...more]);
    expect(await doctor()).toMatchObject({ code: 0, stdout: `Healthy: ${box.stateDir}\n` });
    age(box.putRun('a', '{'));
    const before = box.snapshot();
    const kept = join(box.stateDir, '.forge-resume/quarantine/1970-01-01T00-00-01-000Z-a-FR003');
    expect((await patient.doctor()).findings).toEqual([
      {
        id: 'FR003',
        name: 'unreadable-run',
        severity: 'warning',
        file: box.runFile('a'),
        evidence: 'it cannot be read, or does not parse',
        meaning: illnesses.FR003.meaning,
        fixes: [['forge-resume', 'doctor', '--state-dir', box.stateDir, '--fix', '--only', 'FR003']],
        undo: ['cp', '-np', '--', kept, box.runFile('a')],
      },
    ]);
    expect(await doctor('--only', 'FR012')).toMatchObject({ code: 0 });
    expect(await doctor()).toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^FR003 unreadable-run \(warning\)\n(.*\n)*1 finding: /),
    });
    expect(box.snapshot()).toEqual(before);
    const missing = ['doctor', '--fix', '--state-dir', join(box.project, 'none')];
    expect(await patient.run(missing)).toMatchObject({ code: 1, stdout: '' });
  });

  it('--fix says where the bytes are and what puts them back', async () => {
    const patient = makePatient();
    const { box } = patient;
    age(box.putRun('a', '{'));
    age(box.putRun('b', 'x'));
    const { code, stdout } = await patient.run(['doctor', '--state-dir', box.stateDir, '--fix']);
    expect(code).toBe(0);
    const told = stdout.replaceAll(box.stateDir, '<dir>').split('\n');
    expect(told.slice(0, 4)).toEqual([
      'Mended: FR003 unreadable-run',
      '  <dir>/sessions/a/forge-state.json: it cannot be read, or does not parse',
      '  Kept: <dir>/.forge-resume/quarantine/1970-01-01T00-00-01-000Z-a-FR003',
      '  Back: cp -np -- <dir>/.forge-resume/quarantine/1970-01-01T00-00-01-000Z-a-FR003 <dir>/sessions/a/forge-state.json',
    ]);
    expect(told.slice(-2)).toEqual(['Healthy: <dir>', '']);
    const history = fs.readFileSync(box.path('.forge-resume/history.jsonl'), 'utf8').trimEnd().split('\n');
    expect(history.map((line) => JSON.parse(line))).toEqual(
      ['a', 'b'].map((id) => ({
        at: expect.any(String),
        outcome: 'mended',
        illness: 'FR003',
        session: id,
        file: `sessions/${id}/forge-state.json`,
        kept: `1970-01-01T00-00-01-000Z-${id}-FR003`,
        pid: expect.any(Number),
      })),
    );
    const shown = await patient.run(['history', '--state-dir', box.stateDir]);
    expect(shown.stdout).toMatch(/ mended +b .* FR003\n.* mended +a .* FR003\n/);
  });

  it('FR001: whichever of the two a person ends is put back, and nothing else is, least of all a run that went on', async () => {
    const patient = makePatient();
    const { box } = patient;
    box.declare({ liveRuns: 2 });
    for (const id of ['a', 'b']) age(box.putRun(id, liveRun({ owner_rcs_session_id: id })));
    const before = [box.raw('a'), box.raw('b')];
    for (const index of [1, 0]) {
      const [{ fixes, undo } = { fixes: [], undo: null }] = (await patient.doctor()).findings;
      if (undo === null) throw new Error('no way back');
      await patient.follow(fixes[index] ?? []);
      expect(await patient.doctor()).toMatchObject({ code: 0 });
      await patient.follow(undo);
      expect([box.raw('a'), box.raw('b')]).toEqual(before);
      await expect(patient.follow(undo)).rejects.toThrow();
      for (const id of ['a', 'b']) age(box.runFile(id));
      expect([box.raw('a'), box.raw('b')]).toEqual(before);
    }
  });

  it('FR002: what is replaced is in quarantine, whichever run it was', async () => {
    const box = makeSandbox();
    box.putRun('old', liveRun());
    box.putSessions('now');
    const files = [box.runFile('old'), box.runFile('now'), box.path('.forge-resume/journal/old.now.json')];
    const seen: Buffer[] = [];
    const afterTargetWrite = (): void => void seen.push(...files.map((file) => fs.readFileSync(file)));
    await box.call({ session: 's1', hooks: { afterTargetWrite } });
    files.forEach((file, index) => {
      fs.mkdirSync(dirname(file), { recursive: true });
      fs.writeFileSync(file, seen[index] ?? '');
      age(file);
    });
    const { mended } = await mendFindings(box.stateDir, await findingsIn(root(box), {}));
    expect(mended.map(({ finding: { id } }) => id)).toEqual(['FR002']);
    const quarantine = box.path('.forge-resume/quarantine');
    const kept = fs.readdirSync(quarantine).map((name) => fs.readFileSync(join(quarantine, name), 'utf8'));
    expect(kept.sort()).toEqual(seen.map(String).sort());
  });

  it('--fix mends nothing that has changed since it was seen', async () => {
    const box = makeSandbox();
    const file = box.putRun('a', '{');
    age(file);
    const findings = await findingsIn(root(box), {});
    box.putRun('a', '{"newer":');
    const { mended, unmended } = await mendFindings(box.stateDir, findings);
    expect([mended, unmended.map(({ message }) => message)]).toEqual([
      [],
      [`${file} has changed meanwhile; look again`],
    ]);
    expect(box.raw('a')).toBe('{"newer":');
  });

  it('--fix keeps other bytes that stand under the same name, and says which are whose', async () => {
    const box = makeSandbox();
    const put = (text: string): void => age(box.putRun('a', text));
    const kept: (string | null | undefined)[] = [];
    for (const text of ['{1', '{2', '{1']) {
      put(text);
      const { mended } = await mendFindings(box.stateDir, await findingsIn(root(box), {}));
      kept.push(mended[0]?.kept);
      expect(mended[0]?.undo?.at(-2)).toBe(mended[0]?.kept);
    }
    expect(kept.map((path) => fs.readFileSync(path ?? '', 'utf8'))).toEqual(['{1', '{2', '{1']);
    expect(new Set(kept).size).toBe(2);
  });

  it('--fix waits for the lock, and leaves all as it is where it does not get it', async () => {
    const patient = makePatient();
    const { box } = patient;
    age(box.putRun('a', '{'));
    const lock = box.putLock('4711.1.a');
    const { code, unmended, findings } = await patient.doctor('--fix');
    expect([code, findings.map(({ id }) => id)]).toEqual([4, ['FR003']]);
    expect(unmended[0]?.message).toBe(`another call holds ${lock}; try again when it has ended`);
    expect(box.raw('a')).toBe('{');
    fs.rmSync(lock, { recursive: true });
  });

  it('the way back of a run that was ended leads to its trail as well, of one run and of two', async () => {
    const patient = makePatient();
    const { box } = patient;
    box.declare({ liveRuns: 2 });
    box.putOwnFolder();
    fs.mkdirSync(box.path('.forge-resume', 'trails'));
    const trail = (id: string): string => box.path('.forge-resume', 'trails', `${id}.json`);
    const putTrail = (id: string): void =>
      fs.writeFileSync(trail(id), JSON.stringify({ version: 1, started_at: 'then', left: [] }));
    const over = { owner_rcs_session_id: 'a', current_phase: 'complete', started_at: 'then' };
    age(box.putRun('a', liveRun(over)));
    putTrail('a');
    const { mended } = await patient.doctor('--fix');
    expect(fs.existsSync(trail('a'))).toBe(false);
    await patient.follow(mended[0]?.undo ?? []);
    expect(box.run('a')).toMatchObject({ active: true });
    expect(fs.existsSync(trail('a'))).toBe(true);
    for (const id of ['a', 'b']) age(box.putRun(id, liveRun({ owner_rcs_session_id: id, started_at: 'then' })));
    const [{ fixes, undo }] = (await patient.doctor()).findings as [Told['findings'][number]];
    await patient.follow(fixes[0] ?? []);
    expect(fs.existsSync(trail('a'))).toBe(false);
    await patient.follow(undo ?? []);
    expect(box.run('a')).toMatchObject({ active: true });
    expect(fs.existsSync(trail('a'))).toBe(true);
  });

  it('a run that was ended is put back also where its trail could not be kept', async () => {
    const patient = makePatient();
    const { box } = patient;
    const trails = box.path('.forge-resume', 'trails');
    box.declare({ own: new Set([`${trails}/a.json`]) });
    box.putOwnFolder();
    fs.mkdirSync(trails);
    fs.symlinkSync('b.json', `${trails}/a.json`);
    fs.writeFileSync(`${trails}/b.json`, '{}');
    age(box.putRun('a', liveRun({ owner_rcs_session_id: 'a', current_phase: 'complete', started_at: 'then' })));
    const { mended } = await patient.doctor('--fix');
    await patient.follow(mended[0]?.undo ?? []);
    expect(box.run('a')).toMatchObject({ active: true });
  });

  it("--fix keeps a dead lock's token, whatever else it mends", async () => {
    const box = makeSandbox();
    age(box.putRun('a', '{'));
    box.putLock('4711.1.a', 60_000);
    const { mended } = await mendFindings(box.stateDir, await findingsIn(root(box), {}));
    const kept = new Map(mended.map((one) => [one.finding.id, fs.readFileSync(one.kept ?? '', 'utf8')]));
    expect(kept).toEqual(
      new Map([
        ['FR012', '4711.1.a'],
        ['FR003', '{'],
      ]),
    );
  });

  it('--fix changes the owner of a run alone, in whichever pane it is asked', async () => {
    const patient = makePatient();
    const { box } = patient;
    const run = liveRun({ owner_rcs_session_id: 'b' });
    age(box.putRun('a', run));
    patient.putProgram('tmux', paneOfAgent('%9'));
    patient.options = { env: { TMUX_PANE: '%9', TMUX: '/nowhere,1,0' } };
    expect(await patient.doctor('--fix')).toMatchObject({ code: 0, mended: [{ id: 'FR007' }] });
    expect(box.run('a')).toEqual({ ...run, owner_rcs_session_id: 'a' });
  });

  it('--fix ends no run whose owner lives', async () => {
    const patient = makePatient();
    const { box } = patient;
    const { pid, startTicks } = liveProcess();
    const run = liveRun({ owner_rcs_session_id: 'a', current_phase: 'complete', pid, pid_start_ticks: startTicks });
    age(box.putRun('a', run));
    const { code, unmended } = await patient.doctor('--fix');
    expect([code, unmended[0]?.message]).toEqual([
      4,
      'the owner of the run of a lives: forge-resume end a --from-live ends it anyway',
    ]);
    expect(box.run('a')).toEqual(run);
  });

  it('explains an id, and knows no other', async () => {
    const { code, stdout } = await runProgram(['doctor', '--explain', 'FR012']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `FR012 dead-lock (warning)\n${illnesses.FR012.meaning}\n` });
    expect(await runProgram(['doctor', '--explain', 'FR999'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/FR999.*Allowed choices are FR001, FR002, /),
    });
    expect(await runProgram(['doctor', '--explain', 'fr012'])).toMatchObject({ code, stdout, stderr: '' });
    const only = await runProgram(['doctor', '--only', 'fr012', '--json', '--state-dir', makeSandbox().stateDir]);
    expect(only).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.skipIf(!readOnlyMountsWork())('doctor, status and why: where nothing can be written', () => {
  it('promise 8: they answer as ever, and --fix says that it cannot, nothing half done', async () => {
    const patient = makePatient();
    const { box } = patient;
    age(box.putRun('a', '{'));
    age(box.putRun('b', liveRun({ owner_rcs_session_id: 'c' })));
    const cli = join(builtCli, 'forge-resume.cjs');
    const env = { HOME: patient.home, PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
    const run = (isReadOnly: boolean, ...args: string[]) => {
      const argv = [...(isReadOnly ? inReadOnly(box.project) : []), process.execPath, cli, ...args];
      const { status, stdout, stderr } = spawnSync(argv[0] ?? '', [...argv.slice(1), '--state-dir', box.stateDir], {
        env,
        encoding: 'utf8',
      });
      return { status, stdout: stdout.replaceAll(/\d+ (s|min) /g, ''), stderr };
    };
    const before = box.snapshot();
    for (const args of [['doctor', '--json'], ['doctor'], ['status'], ['why', '--exit-code', '--session-id', 's1']]) {
      const writable = run(false, ...args);
      expect(run(true, ...args)).toEqual(writable);
      expect([args[0], writable.status]).toEqual([args[0], args[0] === 'status' ? 0 : 3]);
    }
    const { status, stdout, stderr } = run(true, 'doctor', '--fix');
    expect([status, stdout]).toEqual([4, expect.stringMatching(/^FR003 (.*\n)+2 findings left: /)]);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^forge-resume doctor: FR003 was not mended: could not .*EROFS/),
      expect.stringMatching(/^forge-resume doctor: FR007 was not mended: could not .*EROFS/),
    ]);
    expect(box.snapshot()).toEqual(before);
    expect(fs.existsSync(box.path('.forge-resume'))).toBe(false);
  });
});
