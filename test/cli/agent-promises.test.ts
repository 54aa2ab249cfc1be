import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
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

/** The part for agents, around another call. */
const agentAround = async (call: string): Promise<string> => {
  const built = await build({
    entryPoints: [fileURLToPath(new URL('../../src/cli/agent.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    plugins: [
      {
        name: 'another-call',
        setup: (step) => {
          step.onResolve({ filter: /\/reconcile\.ts$/ }, () => ({ path: 'call', namespace: 'another-call' }));
          step.onLoad({ filter: /.*/, namespace: 'another-call' }, () => ({
            contents: `export const reconcileForgeSessionResume = ${call}`,
          }));
        },
      },
    ],
  });
  return built.outputFiles[0]?.text ?? '';
};

/** A copy of the program whose part for agents is what a test says; beside the packages that the program finds. */
const programWith = (source: string | undefined): string => {
  const part = 'agent.cjs';
  const folder = join(builtCli, '..', `cli-${process.pid}-${Math.random().toString(36).slice(2)}`);
  cpSync(builtCli, folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (source === undefined) rmSync(join(folder, part));
  else writeFileSync(join(folder, part), source);
  return folder;
};

describe('what the agent sends: nothing is done, quietly', () => {
  it('where .rcs/state does not exist, and nothing is loaded for it', async () => {
    const { project } = makeSandbox({ stateDir: false });
    const folder = programWith(undefined);
    expect(await runProgram(['notify', notification(project)], { env, folder })).toEqual(silent);
    expect(await runProgram(['hook'], { env, folder, input: stopEvent(project) })).toEqual(silent);
  });

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
    const { project } = makeSandbox();
    const folder = programWith(
      await agentAround("() => new Promise(() => setTimeout(() => { throw new Error('bo\\no\\u001b[2Jm') }))"),
    );
    expect(await runProgram(['notify', notification(project)], { env, folder })).toMatchObject(
      oneLine(/bo\\u000ao\\u001b\[2Jm/),
    );
    const input = stopEvent(project);
    expect(await runProgram(['hook'], { env, folder, input })).toMatchObject(oneLine(/forge-resume hook: bo/));
  });

  it('a rejection that nobody handles: exit 0, one line', async () => {
    const { project } = makeSandbox();
    const folder = programWith(
      await agentAround("() => { Promise.reject(new Error('lost')); return new Promise(() => {}) }"),
    );
    expect(await runProgram(['notify', notification(project)], { env, folder })).toMatchObject(oneLine(/lost/));
  });

  it.each([
    ['is not there', undefined, /agent\.cjs cannot be loaded \(ENOENT\); install/],
    ['was cut off', '/*0123456789abcdef*/"use strict";var a=(', /agent\.cjs cannot be loaded \(damaged\); install/],
  ])('a broken installation, whose part for agents %s: exit 0, one line', async (_state, source, said) => {
    const { project } = makeSandbox();
    const folder = programWith(source);
    expect(await runProgram(['notify', notification(project)], { env, folder })).toMatchObject(oneLine(said));
    const child = startProgram(['notify', notification(project)], { env, folder });
    child.stderr.destroy();
    expect(await once(child, 'exit')).toEqual([0, null]);
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
