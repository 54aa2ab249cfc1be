import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { notification, stopEvent } from '../support/payloads.ts';
import { type Ended, logOf, oneLine, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const env = { RCS_SESSION_ID: 'now' };

const resumable = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  return sandbox;
};

type Way = (cwd: string, more?: Readonly<Record<string, string>>, switches?: readonly string[]) => Promise<Ended>;

const ways: readonly (readonly [string, Way])[] = [
  [
    'hook',
    (cwd, more, switches = []) =>
      runProgram(['hook', ...switches], { env: { ...env, ...more }, input: stopEvent(cwd) }),
  ],
  [
    'notify',
    (cwd, more, switches = []) =>
      runProgram(['notify', ...switches, notification(cwd, { session_id: 's1' })], { env: { ...env, ...more } }),
  ],
];

describe.each(ways)('what the agent sends, %s: which project it is', (_way, call) => {
  it('one above a subfolder that the agent has changed into; the log is there too', async () => {
    const sandbox = resumable();
    const cwd = join(sandbox.project, 'src', 'deep');
    mkdirSync(cwd, { recursive: true });
    expect(await call(cwd)).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ active: true });
    expect(logOf(sandbox.project)).toMatchObject([{ resumed: true, targetPath: sandbox.runFile('now') }]);
    expect(readdirSync(join(sandbox.project, 'src'))).toEqual(['deep']);
  });

  it('the one that the agent names, or one above that, before that of cwd', async () => {
    const [named, other] = [resumable(), resumable()];
    const inside = join(named.project, 'a');
    mkdirSync(inside);
    expect(await call(other.project, { CLAUDE_PROJECT_DIR: inside })).toEqual(silent);
    expect(named.run('now')).toMatchObject({ active: true });
    expect(other.raw('now')).toBeUndefined();
  });

  it('that of cwd, where the agent names one that keeps no state', async () => {
    const [named, other] = [makeSandbox({ stateDir: false }), resumable()];
    expect(await call(other.project, { CLAUDE_PROJECT_DIR: named.project })).toEqual(silent);
    expect(other.run('now')).toMatchObject({ active: true });
    expect(existsSync(join(named.project, '.rcs'))).toBe(false);
  });

  it('none where cwd is no absolute path, even if the agent names one', async () => {
    const sandbox = resumable();
    const before = sandbox.snapshot();
    expect(await call('src', { CLAUDE_PROJECT_DIR: sandbox.project })).toEqual(silent);
    expect(sandbox.snapshot()).toEqual(before);
  });
});

/** Leaves a link in the project, where it was, to its runtime's folder or state directory, and that in another folder. */
const linkOut = (sandbox: Sandbox, name: string): { readonly away: Sandbox; readonly link: string } => {
  const away = makeSandbox({ stateDir: false });
  const target = join(away.project, name === '.rcs' ? '.rcs' : 'state');
  renameSync(join(sandbox.project, name), target);
  symlinkSync(target, join(sandbox.project, name));
  return { away, link: target };
};

describe.each(ways)('what the agent sends, %s: a state directory that lies elsewhere', (_way, call) => {
  it.each(['.rcs', '.rcs/state'])('is refused where %s is a link that leads there, with the switch', async (name) => {
    const sandbox = resumable();
    const { away } = linkOut(sandbox, name);
    const before = away.snapshot();
    expect(await call(sandbox.project)).toMatchObject(oneLine(/leads out of the project by a link; --follow-links/));
    expect(away.snapshot()).toEqual(before);
    expect(sandbox.tree()).not.toContain('.rcs/logs/');
  });

  it.each(['.rcs', '.rcs/state'])('is taken with that switch where %s is the link', async (name) => {
    const sandbox = resumable();
    linkOut(sandbox, name);
    expect(await call(sandbox.project, {}, ['--follow-links'])).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ active: true });
    expect(logOf(sandbox.project)).toMatchObject([{ resumed: true, targetPath: sandbox.runFile('now') }]);
  });

  it('is no matter where the link stays in the project', async () => {
    const sandbox = resumable();
    renameSync(join(sandbox.project, '.rcs'), join(sandbox.project, 'runtime'));
    symlinkSync('runtime', join(sandbox.project, '.rcs'));
    expect(await call(sandbox.project)).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ active: true });
    expect(logOf(sandbox.project)).toHaveLength(1);
  });
});

it('what the agent sends: a payload that is the switch alone is no JSON object', async () => {
  expect(await runProgram(['notify', '--follow-links'])).toMatchObject(oneLine(/no JSON object/));
});
