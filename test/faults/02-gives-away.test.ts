import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { walk } from '../support/outside/canary-tree.ts';
import { subjectProgram, useSubject } from '../support/outside/subject.ts';
import { isRoot, useCampaigns, user } from '../support/outside/use-campaigns.ts';
import { stopEvent } from '../support/payloads.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

/** A change of the user; the group alone may be set. */
const chowns = /chown(at)?\((?!\d+, -1, ).*= /m;

describe.runIf(isRoot)('fault 2: root in a project of somebody else', () => {
  const subject = useSubject();
  /** A project of {@link user} with a run to hand over. */
  const usersProject = (mode = 0o644): Sandbox => {
    const sandbox = makeSandbox();
    fs.chmodSync(sandbox.putRun('old', liveRun()), mode);
    sandbox.putSessions('now');
    for (const path of walk(sandbox.project)) fs.lchownSync(path, user, user);
    // chown takes the set-uid bit away.
    fs.chmodSync(sandbox.runFile('old'), mode);
    return sandbox;
  };
  const order = (sandbox: Sandbox) => ({
    stateDir: sandbox.stateDir,
    payloadSessionId: 's1',
    env: { RCS_SESSION_ID: 'now', TMUX_PANE: '%1' },
  });
  const hook = (sandbox: Sandbox, ...before: readonly string[]) => {
    const [program = '', ...args] = [...before, process.execPath, subjectProgram, 'hook'];
    const { PATH = '' } = process.env;
    const input = stopEvent(sandbox.project);
    return spawnSync(program, args, { input, encoding: 'utf8', env: { PATH, RCS_SESSION_ID: 'now' } });
  };

  it.runIf(needs('strace'))('privileges: nothing is chowned, by the program or the library', async () => {
    const ways = [
      (sandbox: Sandbox, trace: string) => hook(sandbox, 'strace', '-f', '-e', 'trace=/chown', '-o', trace),
      async (sandbox: Sandbox, trace: string) => {
        const launcher = ['strace', '-f', '-e', 'trace=/chown', '-o', trace];
        const caller = await startCaller(subject().module, { launcher });
        await caller.call(order(sandbox));
        await caller.kill();
      },
    ];
    for (const way of ways) {
      const sandbox = usersProject();
      const trace = join(sandbox.project, 'trace');
      await way(sandbox, trace);
      expect(sandbox.run('now')['active']).toBe(true);
      expect(fs.readFileSync(trace, 'utf8')).not.toMatch(chowns);
    }
  });

  it('privileges: everything that the program makes belongs to the owner, logs included', () => {
    const sandbox = usersProject();
    expect(hook(sandbox)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(sandbox.run('now')['active']).toBe(true);
    const owners = [...walk(sandbox.project)].map((path) => `${path} ${fs.lstatSync(path).uid}`);
    expect(owners.filter((line) => !line.endsWith(` ${user}`))).toEqual([]);
    expect(fs.existsSync(join(sandbox.project, '.rcs', 'logs'))).toBe(true);
  });

  it('privileges: the program works from a folder that only root may read', () => {
    const sandbox = usersProject();
    const closed = fs.mkdtempSync('/root/forge-closed-');
    try {
      fs.chmodSync(closed, 0o700);
      fs.cpSync(join(subjectProgram, '..'), closed, { recursive: true });
      const { PATH = '' } = process.env;
      const answer = spawnSync(process.execPath, [join(closed, 'forge-resume.cjs'), 'hook'], {
        input: stopEvent(sandbox.project),
        encoding: 'utf8',
        env: { PATH, RCS_SESSION_ID: 'now' },
      });
      expect(answer).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(sandbox.run('now')['active']).toBe(true);
    } finally {
      fs.rmSync(closed, { recursive: true });
    }
  });

  it.each(['4755', '2755', '6755', '1644'])('privileges: no file keeps special bits (%s)', async (mode) => {
    const sandbox = usersProject(Number.parseInt(mode, 8));
    expect(await subject().call(order(sandbox))).toMatchObject({ resumed: true });
    const special = ['old', 'now'].map((id) => fs.statSync(sandbox.runFile(id)).mode & 0o7000);
    expect(special).toEqual([0, 0]);
  });

  it.runIf(needs('setpriv'))('privileges: without the right to chown the run is handed over all the same', async () => {
    const sandbox = usersProject();
    const launcher = ['setpriv', '--bounding-set=-chown', '--inh-caps=-chown'];
    const caller = await startCaller(subject().module, { launcher });
    expect(await caller.call(order(sandbox))).toMatchObject({ result: { resumed: true } });
  });

  it.runIf(needs('unshare'))('privileges: in a user namespace that maps nobody else it goes on as it is', async () => {
    const sandbox = usersProject();
    for (const path of walk(sandbox.project)) fs.chmodSync(path, fs.lstatSync(path).isDirectory() ? 0o777 : 0o666);
    const caller = await startCaller(subject().module, { launcher: ['unshare', '--user', '--map-root-user'] });
    expect(await caller.call(order(sandbox))).toMatchObject({ result: { resumed: true } });
  });
});

describe.runIf(isRoot && needs('gcc'))('fault 2: our folder and lock, exchanged for links while root calls', () => {
  const run = useCampaigns();
  const only = ['.forge-resume', '.forge-resume/lock', '.lock.forge-session-resume', 'sessions/s1'];

  it.each(['the library as root', 'the program as root'] as const)(
    'promise 8: nothing outside changes (%s)',
    async (who) => {
      await run(who, { calls: who === 'the library as root' ? 60 : 12, only });
    },
  );
});
