import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { becomeOwner } from '../../src/cli/become-owner.ts';
import { age } from '../support/doctor/patient.ts';
import { notification, stopEvent } from '../support/payloads.ts';
import { startTicksOf } from '../support/processes.ts';
import { builtCli, logOf, oneLine, runProgram, silent } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { writeScript } from '../support/tmux-server.ts';
import { needs } from '../support/tools.ts';

const isRoot = process.getuid?.() === 0;
const user = 65_534;
const group = 54_321;
const env = { RCS_SESSION_ID: 'now' };

/** A project of a user's in which a run can be resumed. */
const projectOfUser = (current: 'now' | 'recorded' = 'now'): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions(current);
  giveAway(sandbox);
  return sandbox;
};

const giveAway = (sandbox: Sandbox): void => {
  for (const path of ['', ...sandbox.tree()]) chownSync(join(sandbox.project, path), user, group);
  chmodSync(sandbox.project, 0o755);
};

/** Who owns what below a project, where it is not the user and the group. */
const strangers = (sandbox: Sandbox): string[] =>
  sandbox.tree().filter((path) => {
    const { uid, gid } = lstatSync(join(sandbox.project, path));
    return uid !== user || gid !== group;
  });

const packages = join(builtCli, '..', '..', 'node_modules');

/** A copy of the program, and of the addon, that only root can read. */
const programOfRoot = (): string => {
  const folder = makeSandbox({ stateDir: false }).project;
  cpSync(builtCli, join(folder, 'dist', 'cli'), { recursive: true });
  cpSync(join(packages, '..', 'package.json'), join(folder, 'package.json'));
  const addon = join('fs-native-extensions', 'prebuilds');
  cpSync(join(packages, addon), join(folder, 'node_modules', addon), { recursive: true });
  return join(folder, 'dist', 'cli');
};

/** A folder of root's, in which root's programs can leave notes. */
const folderOfRoot = (): string => makeSandbox({ stateDir: false }).project;

const calls = [
  ['hook', (sandbox: Sandbox) => ({ args: ['hook'], input: stopEvent(sandbox.project) })],
  [
    'notify',
    (sandbox: Sandbox) => ({ args: ['notify', notification(sandbox.project, { session_id: 's1' })], input: '' }),
  ],
  [
    'reconcile',
    (sandbox: Sandbox) => ({ args: ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1'], input: '' }),
  ],
] as const;

describe.runIf(isRoot)('promise 8: root in the project of a user', () => {
  it('doctor --fix leaves nothing of root’s there, and keeps what gives way as the user’s', async () => {
    const sandbox = projectOfUser();
    age(sandbox.putRun('torn', '{'));
    giveAway(sandbox);
    const args = ['doctor', '--fix', '--json', '--only', 'FR003', '--state-dir', sandbox.stateDir];
    const { code, stdout } = await runProgram(args, { folder: programOfRoot() });
    expect([code, JSON.parse(stdout).mended]).toEqual([0, [expect.objectContaining({ id: 'FR003' })]]);
    expect(sandbox.tree().some((path) => path.includes('/quarantine/'))).toBe(true);
    expect(strangers(sandbox)).toEqual([]);
  });

  it.each(calls)('%s leaves nothing of root’s there, the log included', async (way, call) => {
    const sandbox = projectOfUser();
    const { args, input } = call(sandbox);
    expect(await runProgram(args, { env, input, folder: programOfRoot() })).toMatchObject({ code: 0, stderr: '' });
    expect(sandbox.run('now')).toMatchObject({ active: true });
    if (way !== 'reconcile') expect(logOf(sandbox.project)).toHaveLength(1);
    expect(strangers(sandbox)).toEqual([]);
  });

  it('a subfolder of the user’s is enough', async () => {
    const sandbox = projectOfUser();
    mkdirSync(join(sandbox.project, 'a'));
    giveAway(sandbox);
    await runProgram(['hook'], { env, input: stopEvent(join(sandbox.project, 'a')) });
    expect(sandbox.run('now')).toMatchObject({ active: true });
    expect(strangers(sandbox)).toEqual([]);
  });

  it('rule 2: only effective ids change: a runtime of root’s still answers signal 0', async () => {
    const sandbox = projectOfUser('recorded');
    sandbox.putRecord({ session_id: 'recorded', pid: process.pid, pid_start_ticks: startTicksOf(process.pid) });
    giveAway(sandbox);
    expect(await runProgram(['hook'], { input: stopEvent(sandbox.project) })).toEqual(silent);
    expect(sandbox.run('recorded')).toMatchObject({ active: true });
  });

  it('Pane: is asked for by root, once', async () => {
    const sandbox = projectOfUser();
    const notes = folderOfRoot();
    mkdirSync(join(notes, 'bin'));
    const row = (pane: string, start: string): string => `"$m%${pane}\${m}1\${m}sh\${m}${start}"`;
    const list = `m=\${6%%#*}; printf '%s\\n' ${row('8', 'sh')} ${row('7', 'codex')}`;
    await writeScript(join(notes, 'bin', 'tmux'), `#!/bin/sh\nid -u >> "${notes}/uids"\n${list}\n`);
    const inTmux = { ...env, TMUX: '/nowhere,1,0', TMUX_PANE: '%8', PATH: `${notes}/bin:${process.env['PATH']}` };
    expect(await runProgram(['hook'], { env: inTmux, input: stopEvent(sandbox.project) })).toEqual(silent);
    expect(sandbox.run('now')).toMatchObject({ tmux_pane_id: '%7' });
    expect(readFileSync(join(notes, 'uids'), 'utf8')).toBe('0\n');
  });

  it('no right of root’s is left but its real id, and the kernel lock is in use though the addon is out of reach', async () => {
    const sandbox = projectOfUser();
    const hook = join(folderOfRoot(), 'hook.cjs');
    const addon = "process.report.getReport().sharedObjects.some((file) => file.includes('fs-native-extensions'))";
    const ids = '[process.getuid(), process.geteuid(), process.getegid(), process.getgroups()]';
    const say = `require('node:fs').writeSync(2, JSON.stringify({ addon: ${addon}, ids: ${ids} }))`;
    writeFileSync(hook, `process.setgroups([0, 12345]); process.on('exit', () => ${say})`);
    const { stderr } = await runProgram(['hook'], {
      env: { ...env, NODE_OPTIONS: `--require ${hook}` },
      input: stopEvent(sandbox.project),
      folder: programOfRoot(),
    });
    expect(JSON.parse(stderr)).toEqual({ addon: true, ids: [0, user, group, [group]] });
    expect(sandbox.run('now')).toMatchObject({ active: true });
    expect(strangers(sandbox)).toEqual([]);
  });

  it.each([0, 4_242])('a folder of user %i, put in the place of the user’s meanwhile, is refused', async (other) => {
    const { stateDir } = makeSandbox();
    chownSync(stateDir, other, other);
    await expect(becomeOwner(stateDir, { isAgentChild: true, owner: user })).rejects.toThrow(/exchanged/);
    expect([process.geteuid?.(), process.getegid?.()]).toEqual([0, 0]);
  });

  it('a project that its owner cannot reach is refused with one line', async () => {
    const sandbox = projectOfUser();
    chownSync(sandbox.project, 0, 0);
    chmodSync(sandbox.project, 0o700);
    mkdirSync(join(sandbox.project, 'a'));
    chownSync(join(sandbox.project, 'a'), user, group);
    const input = stopEvent(join(sandbox.project, 'a'));
    expect(await runProgram(['hook'], { env, input })).toMatchObject(oneLine(/out of its owner's reach/));
    expect(sandbox.raw('now')).toBeUndefined();
  });
});

describe.runIf(isRoot && needs('setpriv'))('promise 8: root that may not change its ids', () => {
  it.each(['-setgid', '-setuid', '-setgid,-setuid'])('goes on as it is (%s)', (missing) => {
    const sandbox = projectOfUser();
    const program = [process.execPath, join(builtCli, 'forge-resume.cjs'), 'hook'];
    const { status, stdout, stderr } = spawnSync('setpriv', [`--bounding-set=${missing}`, ...program], {
      env: { PATH: process.env['PATH'], ...env },
      input: stopEvent(sandbox.project),
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });
});
