import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { notification, stopEvent } from '../support/payloads.ts';
import { builtCli, ended, logOf, oneLine, runProgram, silent, startProgram } from '../support/program.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const env = { RCS_SESSION_ID: 'now' };

const resumable = (run = threadRun()): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', run);
  sandbox.putSessions('now');
  return sandbox;
};

/** A copy of the program, some of whose parts are what a test says, or not there; beside the packages that it finds. */
const programWith = (parts: Readonly<Record<string, string | undefined>>): string => {
  const folder = join(builtCli, '..', `cli-${process.pid}-${Math.random().toString(36).slice(2)}`);
  cpSync(builtCli, folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, source] of Object.entries(parts)) {
    if (source === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), source);
  }
  return folder;
};

describe('what the agent sends: nothing is done, quietly', () => {
  it('where .rcs/state does not exist; .rcs is not created', async () => {
    const { project } = makeSandbox({ stateDir: false });
    expect(await runProgram(['notify', notification(project)], { env })).toEqual(silent);
    expect(await runProgram(['hook'], { env, input: stopEvent(project) })).toEqual(silent);
    expect(existsSync(join(project, '.rcs'))).toBe(false);
    mkdirSync(join(project, '.rcs'));
    expect(await runProgram(['notify', notification(project)], { env })).toEqual(silent);
    expect(existsSync(join(project, '.rcs', 'state'))).toBe(false);
  });

  it('where cwd is no absolute path, whatever folder we run in', async () => {
    expect(await runProgram(['notify', notification('.')], { env })).toEqual(silent);
    expect(await runProgram(['hook'], { env, input: stopEvent('') })).toEqual(silent);
    expect(await runProgram(['notify', notification('/nul\0byte')], { env })).toEqual(silent);
  });

  it.each(['RCS_TEAM_INTERNAL_WORKER', 'RCS_TEAM_WORKER'])('inside a team worker (%s)', async (name) => {
    const sandbox = resumable();
    const before = sandbox.snapshot();
    const worker = { ...env, [name]: 'team/worker-2' };
    expect(await runProgram(['notify', notification(sandbox.project)], { env: worker })).toEqual(silent);
    expect(await runProgram(['hook'], { env: worker, input: stopEvent(sandbox.project) })).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('on other events and types', async () => {
    const sandbox = resumable(liveRun());
    const before = sandbox.snapshot();
    const tool = stopEvent(sandbox.project, { hook_event_name: 'PreToolUse' });
    expect(await runProgram(['hook'], { env, input: tool })).toEqual(silent);
    const other = notification(sandbox.project, { type: 'approval-requested', session_id: 's1' });
    expect(await runProgram(['notify', other], { env })).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
  });
});

describe('what the agent sends: ids', () => {
  it('a native notification cannot move a run that once got a session id, a hook can', async () => {
    const sandbox = resumable(liveRun());
    await runProgram(['notify', notification(sandbox.project, { 'thread-id': 's1' })], { env });
    expect(sandbox.raw('now')).toBeUndefined();
    const event = stopEvent(sandbox.project, { hook_event_name: 'SessionStart', source: 'resume' });
    await runProgram(['hook'], { env, input: event });
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('a hook without a thread id resumes a run that has only a thread, by its session id', async () => {
    const sandbox = resumable(threadRun({ owner_codex_thread_id: 's1' }));
    const event = stopEvent(sandbox.project, { hook_event_name: 'UserPromptSubmit', prompt: 'go on' });
    expect(await runProgram(['hook'], { env, input: event })).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ owner_codex_session_id: 's1' });
  });

  it('notify takes its payload from the last argument', async () => {
    const sandbox = resumable();
    await runProgram(['notify', '--from', 'wrapper', '{}', notification(sandbox.project)], { env });
    expect(logOf(sandbox.project)).toMatchObject([{ resumed: true }]);
  });
});

describe('what the agent sends: the agent is never broken', () => {
  it.each(['', 'no json', '{"cwd":', '[]', 'null', '"text"', '7'])('payload %j: exit 0, one line', async (payload) => {
    expect(await runProgram(['notify', payload])).toMatchObject(oneLine(/^forge-resume notify: .*no JSON object/));
    expect(await runProgram(['hook'], { input: payload })).toMatchObject(
      oneLine(/^forge-resume hook: .*no JSON object/),
    );
  });

  it('notify without any argument: exit 0, one line', async () => {
    expect(await runProgram(['notify'])).toMatchObject(oneLine(/no JSON object/));
  });

  it('standard input of more than 64 MiB: exit 0, one line', async () => {
    const input = Buffer.alloc(65 * 1024 * 1024, 32);
    expect(await runProgram(['hook'], { input })).toMatchObject(oneLine(/larger than 67108864 bytes/));
  });

  it('standard error that nobody reads breaks nothing', async () => {
    const child = startProgram(['notify', 'no json']);
    child.stderr.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('a failure of the call: exit 0, one line, one record', async () => {
    const sandbox = resumable();
    writeFileSync(sandbox.path('.forge-resume'), 'a file where our folder should be');
    expect(await runProgram(['notify', notification(sandbox.project)], { env })).toMatchObject(
      oneLine(/notify: [A-Z_]+: /),
    );
    expect(logOf(sandbox.project)).toMatchObject([
      { way: 'notify', threadId: 't1', error: { code: expect.any(String) } },
    ]);
  });

  it('an internal crash, thrown outside of any call: exit 0, one line', async () => {
    const { project } = resumable(liveRun());
    const crash = "new Promise(() => setTimeout(() => { throw new Error('bo\\no\\u001b[2Jm') }))";
    const folder = programWith({ 'run-machine.cjs': `exports.runMachine = () => ${crash}` });
    expect(await runProgram(['notify', notification(project, { session_id: 's1' })], { env, folder })).toMatchObject(
      oneLine(/bo\\u000ao\\u001b\[2Jm/),
    );
    const input = stopEvent(project);
    expect(await runProgram(['hook'], { env, folder, input })).toMatchObject(oneLine(/forge-resume hook: bo/));
  });

  it('a rejection that nobody handles: exit 0, one line', async () => {
    const { project } = resumable();
    const lose = "{ Promise.reject(new Error('lost')); return new Promise(() => {}) }";
    const folder = programWith({ 'run-machine.cjs': `exports.runMachine = () => ${lose}` });
    expect(await runProgram(['notify', notification(project)], { env, folder })).toMatchObject(oneLine(/lost/));
  });
});

describe('what the agent sends: a broken installation', () => {
  const parts = readdirSync(builtCli).filter((name) => name.endsWith('.cjs') && name !== 'forge-resume.cjs');
  const without = Object.fromEntries(parts.map((name) => [name, undefined]));

  it('rule 0: what is answered by a look needs nothing but the first file', async () => {
    const folder = programWith(without);
    const [active, none, elsewhere] = [makeSandbox(), makeSandbox(), makeSandbox({ stateDir: false })];
    active.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    none.putSessions('now');
    none.putRun('old', liveRun({ owner_codex_session_id: 'other' }));
    for (const { project } of [active, none, elsewhere]) {
      const payload = notification(project, { session_id: 's1' });
      expect(await runProgram(['notify', payload], { env, folder })).toEqual(silent);
      expect(await runProgram(['hook'], { env, folder, input: stopEvent(project) })).toEqual(silent);
    }
  });

  it.each([
    ['run-machine.cjs', undefined, /cannot be loaded \(MODULE_NOT_FOUND\); install/],
    ['run-machine.cjs', '"use strict";var a=(', /cannot be loaded \(damaged\); install/],
    ['log-call.cjs', undefined, /cannot be loaded \(MODULE_NOT_FOUND\); install/],
    ['log-call.cjs', '', /is not a function/],
  ])('%s that is %j: exit 0, one line', async (name, source, said) => {
    const folder = programWith({ [name]: source });
    const [first, second] = [resumable(), resumable()];
    expect(await runProgram(['notify', notification(first.project)], { env, folder })).toMatchObject(oneLine(said));
    const child = startProgram(['notify', notification(second.project)], { env, folder });
    child.stderr.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('is told a person in one line, exit 1', async () => {
    const folder = programWith({ 'program.cjs': undefined });
    expect(await runProgram(['demo'], { folder })).toMatchObject({ ...oneLine(/install the package again/), code: 1 });
  });
});

describe.runIf(needs('script'))('what the agent sends: standard input is a terminal', () => {
  it('hook says what it expects, and exits with 0', async () => {
    const command = `'${process.execPath}' '${join(builtCli, 'forge-resume.cjs')}' hook; echo "exit $?"`;
    // Its own input stays open, so that only the program can bring this to an end.
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdout } = await ended(child);
    expect(stdout).toMatch(/^forge-resume hook: .*terminal.*\r\nexit 0\r\n$/);
  });
});
