import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replay } from '../../src/inspect/recording/replay.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { readAll, readAt, scratchFolder } from '../inspect/recording/folder.ts';
import { unnamedIn } from '../inspect/recording/validate.ts';
import { notification, secret, stopEvent } from '../support/payloads.ts';
import { oneLine, runProgram, silent } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const now = { RCS_SESSION_ID: 'now' };

const resumable = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ task: secret }));
  return sandbox;
};
const upToDate = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
  return sandbox;
};
const moved = (sandbox: Sandbox): void => {
  expect(sandbox.run('now')).toMatchObject({ active: true });
  expect(sandbox.run('old')).toMatchObject({ active: false });
};

describe('FORGE_RESUME_RECORD', () => {
  it('hook: records a hand-over and a call that has nothing to write, and prints nothing', async () => {
    const folder = join(scratchFolder(), 'calls');
    const env = { ...now, FORGE_RESUME_RECORD: folder };
    const sandbox = resumable();
    const input = stopEvent(sandbox.project);
    expect(await runProgram(['hook'], { env, input })).toEqual(silent);
    moved(sandbox);
    expect(await runProgram(['hook'], { env, input })).toEqual(silent);
    const [first, second, ...others] = readAll(folder);
    expect(others).toEqual([]);
    expect(first?.header).toMatchObject({ by: 'hook', event: 'Stop', full: false });
    expect(first?.records.at(-1)).toMatchObject({ reason: reasons.resumed });
    expect(second?.records.at(-1)).toMatchObject({ reason: reasons.currentActive });
    for (const recording of [first, second]) {
      expect(recording && replay(recording).verdict).toBe('same');
      for (const record of [recording?.header, ...(recording?.records ?? [])]) expect(unnamedIn(record)).toEqual([]);
      expect(JSON.stringify(recording)).not.toContain(secret);
    }
  });

  it('notify: likewise', async () => {
    const folder = scratchFolder();
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', threadRun());
    const env = { ...now, FORGE_RESUME_RECORD: folder };
    expect(await runProgram(['notify', notification(sandbox.project)], { env })).toEqual(silent);
    moved(sandbox);
    const [recording] = readAll(folder);
    expect(recording?.header).toMatchObject({ by: 'notify', input: { payloadThreadId: 't1' } });
    expect(JSON.stringify(recording)).not.toContain(secret);
  });

  it.each([
    ['adopt', ['adopt', 'old'], 'adopted_by_user'],
    ['end', ['end', 'old'], 'ended_by_user'],
  ])('%s: likewise, with what was asked for', async (by, args, reason) => {
    const folder = join(scratchFolder(), 'calls');
    const sandbox = resumable();
    const env = { ...now, FORGE_RESUME_RECORD: folder };
    expect(await runProgram([...args, '--dry-run', '--state-dir', sandbox.stateDir], { env })).toMatchObject({
      code: 0,
    });
    expect(fs.existsSync(folder)).toBe(false);
    expect(await runProgram([...args, '--yes', '--state-dir', sandbox.stateDir], { env })).toMatchObject({ code: 0 });
    const [recording] = readAll(folder);
    expect(recording?.header).toMatchObject({ by, input: { command: { kind: by } } });
    expect(recording?.records.at(-1)).toMatchObject({ kind: 'end', reason });
    expect(recording && replay(recording).verdict).toBe('same');
    for (const record of [recording?.header, ...(recording?.records ?? [])]) expect(unnamedIn(record)).toEqual([]);
    expect(JSON.stringify(recording)).not.toContain(secret);
  });

  it('where nothing is done, nothing is recorded', async () => {
    const folder = join(scratchFolder(), 'calls');
    const env = { ...now, FORGE_RESUME_RECORD: folder };
    const { project } = upToDate();
    const worker = { ...env, RCS_TEAM_WORKER: '1' };
    expect(await runProgram(['hook'], { env: worker, input: stopEvent(project) })).toEqual(silent);
    const other = stopEvent(project, { hook_event_name: 'PreToolUse' });
    expect(await runProgram(['hook'], { env, input: other })).toEqual(silent);
    expect(fs.existsSync(folder)).toBe(false);
  });

  it('what cannot be recorded costs one line on standard error, and no run', async () => {
    const file = join(scratchFolder(), 'file');
    fs.writeFileSync(file, '');
    const env = { ...now, FORGE_RESUME_RECORD: file };
    const sandbox = resumable();
    const input = stopEvent(sandbox.project);
    expect(await runProgram(['hook'], { env, input })).toEqual(oneLine(/^forge-resume hook: not recorded: ENOTDIR/));
    moved(sandbox);
    expect(await runProgram(['hook'], { env, input })).toEqual(oneLine(/^forge-resume hook: not recorded: /));
    expect(fs.readFileSync(file, 'utf8')).toBe('');
  });
});

describe('--record', () => {
  it.each([[['--record']], [['--record', '--full']], [['--record=']]])(
    'that names nothing costs one line, and no run: %j',
    async (args) => {
      const sandbox = resumable();
      const cwd = scratchFolder();
      const input = stopEvent(sandbox.project);
      const said = oneLine(/^forge-resume hook: not recorded: no file is named; --record takes a file/);
      expect(await runProgram(['hook', ...args], { cwd, env: now, input })).toEqual(said);
      moved(sandbox);
      const call = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1', ...args];
      expect(await runProgram(call, { cwd, env: now })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--record <file>'),
      });
      expect(fs.readdirSync(cwd)).toEqual([]);
    },
  );

  it('adopt and undo: a file keeps the last call', async () => {
    const file = join(scratchFolder(), 'call.jsonl');
    const sandbox = resumable();
    const switches = ['--yes', '--state-dir', sandbox.stateDir, '--record', file];
    for (const [by, args] of [
      ['adopt', ['adopt', 'old']],
      ['undo', ['undo']],
    ] as const) {
      expect(await runProgram([...args, ...switches], { env: now })).toMatchObject({ code: 0 });
      expect(readAt(file).header.by).toBe(by);
    }
  });

  it.each([
    ['--record FILE', (folder: string) => ['--record', join(folder, 'call.jsonl')], 'call.jsonl'],
    ['--record=FILE', (folder: string) => [`--record=${join(folder, 'call.jsonl')}`], 'call.jsonl'],
    ['--record DIR/', (folder: string) => ['--record', `${join(folder, 'calls')}/`], 'calls'],
  ])('hook %s, before FORGE_RESUME_RECORD', async (_form, switches, made) => {
    const folder = scratchFolder();
    const sandbox = upToDate();
    const env = { ...now, FORGE_RESUME_RECORD: join(folder, 'not here') };
    const args = ['hook', '--follow-links', ...switches(folder)];
    expect(await runProgram(args, { env, input: stopEvent(sandbox.project) })).toEqual(silent);
    expect(fs.readdirSync(folder)).toEqual([made]);
    const path = join(folder, made);
    const [recording] = fs.statSync(path).isDirectory() ? readAll(path) : [readAt(path)];
    expect(recording?.header.by).toBe('hook');
  });

  it('hook --full: the payload is there with its message texts, and every field of the run', async () => {
    const file = join(scratchFolder(), 'call.jsonl');
    const sandbox = resumable();
    const args = ['hook', '--record', file, '--full'];
    expect(await runProgram(args, { env: now, input: stopEvent(sandbox.project) })).toEqual(silent);
    const { header, records } = readAt(file);
    expect(header).toMatchObject({ full: true, omitted: [], payload: { last_assistant_message: secret } });
    expect(
      records.find(({ kind, ...record }) => kind === 'run' && 'state' in record && record.state !== null),
    ).toMatchObject({
      state: { task: secret },
    });
  });

  it('notify takes it before its payload', async () => {
    const file = join(scratchFolder(), 'call.jsonl');
    const { project } = upToDate();
    const args = ['notify', '--record', file, notification(project, { session_id: 's1' })];
    expect(await runProgram(args, { env: now })).toEqual(silent);
    expect(readAt(file).header.by).toBe('notify');
  });

  it('reconcile: prints what it prints without, and says what it could not record', async () => {
    const folder = scratchFolder();
    const file = join(folder, 'call.jsonl');
    const { stateDir } = upToDate();
    const args = ['reconcile', '--state-dir', stateDir, '--session-id', 's1'];
    const plain = await runProgram(args, { env: now });
    expect(await runProgram([...args, '--record', file], { env: now })).toEqual(plain);
    expect(readAt(file).header).toMatchObject({ by: 'reconcile', full: false });
    expect(await runProgram([...args, '--record', `${folder}/`, '--full'], { env: now })).toEqual(plain);
    fs.writeFileSync(file, 'my notes');
    const said = await runProgram([...args, '--record', file, '--json'], { env: now });
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(said.stdout)).toMatchObject({
      reason: reasons.currentActive,
      warnings: [expect.stringMatching(/^not recorded: .*no recording of ours$/)],
    });
    expect(fs.readFileSync(file, 'utf8')).toBe('my notes');
  });
});
