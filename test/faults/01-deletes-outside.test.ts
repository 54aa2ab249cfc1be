import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useSubject } from '../support/outside/subject.ts';
import { isRoot, useCampaigns } from '../support/outside/use-campaigns.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

const lock = '.lock.forge-session-resume';

describe('fault 1: what is not exactly ours is never removed', () => {
  const subject = useSubject();
  const withRun = (): Sandbox => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    return sandbox;
  };
  const handOver = (sandbox: Sandbox, hook: () => void = () => undefined) =>
    subject().call({
      stateDir: sandbox.stateDir,
      payloadSessionId: 's1',
      env: { RCS_SESSION_ID: 'now', TMUX_PANE: '%1' },
      hooks: { afterLockAcquired: hook },
    });
  /** Where the kept file is now, if it is anywhere in the project. */
  const kept = (sandbox: Sandbox): readonly string[] => sandbox.tree().filter((path) => path.endsWith('precious'));

  it.each(['tmp/notes/precious', 'tmp/precious', 'journal/notes/precious', 'trails/notes/precious'])(
    'promise 8: .forge-resume/%s stays',
    async (name) => {
      const sandbox = withRun();
      const path = sandbox.path('.forge-resume', name);
      fs.mkdirSync(join(path, '..'), { recursive: true });
      fs.writeFileSync(path, 'kept');
      sandbox.declare({ openJournal: true });
      expect(await handOver(sandbox)).toMatchObject({ resumed: true });
      expect(fs.readFileSync(path, 'utf8')).toBe('kept');
    },
  );

  it.each(['precious', 'folder/precious'])('promise 8: a stale lock folder goes, its %s stays', async (name) => {
    const sandbox = withRun();
    const folder = sandbox.putLock('1.1.aa');
    sandbox.declare({ foreignLock: true });
    fs.mkdirSync(join(folder, name, '..'), { recursive: true });
    fs.writeFileSync(join(folder, name), 'kept');
    const then = Date.now() / 1_000 - 60;
    fs.utimesSync(folder, then, then);
    expect(await handOver(sandbox)).toMatchObject({ resumed: true });
    expect(kept(sandbox)).toHaveLength(1);
  });

  it.each(['precious', 'folder/precious'])('promise 8: what was put into our lock folder stays (%s)', async (name) => {
    const sandbox = withRun();
    const path = sandbox.path(lock, name);
    await handOver(sandbox, () => {
      fs.mkdirSync(join(path, '..'), { recursive: true });
      fs.writeFileSync(path, 'kept');
    });
    sandbox.declare({ foreignLock: true });
    expect(kept(sandbox)).toHaveLength(1);
  });
});

describe.runIf(needs('gcc'))('fault 1: folders that are removed or emptied, exchanged for links', () => {
  const run = useCampaigns();
  const only = ['.forge-resume/tmp', '.forge-resume', '.lock.forge-session-resume', '.forge-resume/breaking'];

  it('promise 8: nothing outside is removed, by the same user', async () => {
    await run('the same user', { calls: 40, only });
  });

  it.runIf(isRoot)('promise 8: nor by root', async () => {
    await run('the program as root', { calls: 12, only });
  });
});
