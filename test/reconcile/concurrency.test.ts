import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleLibrary, runScript } from '../support/bundle.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const withCandidate = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return sandbox;
};

/** A promise with its handles outside. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('promise 4: calls of one process', () => {
  it('promise 4: the second waits for the first, then finds the run active and binds its own pane', async () => {
    const sandbox = withCandidate();
    const [entered, goOn] = [gate(), gate()];
    const order: string[] = [];
    const first = sandbox.call({
      session: 's1',
      pane: '%1',
      hooks: {
        afterLockAcquired: async () => {
          order.push('first');
          entered.open();
          await goOn.opened;
        },
        afterTargetWrite: () => order.push('first wrote'),
      },
    });
    await entered.opened;
    const second = sandbox.call({
      session: 's1',
      pane: '%2',
      hooks: { afterLockAcquired: () => order.push('second') },
    });
    // Long enough for several attempts at the lock.
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(order).toEqual(['first']);
    goOn.open();
    expect(await first).toMatchObject({ resumed: true, reason: 'resumed_same_codex_session' });
    expect(await second).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: true,
      reason: 'current_forge_active',
      targetPath: sandbox.runFile('now'),
    });
    expect(order).toEqual(['first', 'first wrote', 'second']);
    expect(sandbox.run('now')).toMatchObject({ active: true, tmux_pane_id: '%2' });
    expect(sandbox.run('old')).toMatchObject({ active: false });
  });

  it('promise 1: of 64 calls at once one hands the run over', async () => {
    const sandbox = withCandidate();
    const results = await Promise.all(Array.from({ length: 64 }, () => sandbox.call({ session: 's1' })));
    const reasons = results.map((result) => result.reason).sort();
    expect(reasons).toEqual([...Array(63).fill('current_forge_active'), 'resumed_same_codex_session']);
    const history = fs.readFileSync(sandbox.path('.forge-resume', 'history.jsonl'), 'utf8');
    expect(history.trim().split('\n')).toHaveLength(1);
  });

  it('protocol: calls take the lock in the order in which they came', async () => {
    const sandbox = makeSandbox();
    const order: number[] = [];
    const calls = Array.from({ length: 10 }, (_, index) =>
      sandbox.call({ hooks: { afterLockAcquired: () => order.push(index) } }),
    );
    await Promise.all(calls);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('promise 1: two current sessions of one conversation leave one live run', async () => {
    const sandbox = withCandidate();
    sandbox.putSessions('other');
    const results = await Promise.all([
      sandbox.call({ session: 's1', current: 'now' }),
      sandbox.call({ session: 's1', current: 'other' }),
    ]);
    expect(results.map((result) => result.resumed)).toEqual([true, true]);
    expect(sandbox.run('other')).toMatchObject({ active: true, owner_rcs_session_id: 'other' });
  });

  it('promise 5: one project does not wait for another', async () => {
    const [busy, free] = [withCandidate(), withCandidate()];
    const goOn = gate();
    const first = busy.call({ session: 's1', hooks: { afterLockAcquired: () => goOn.opened } });
    expect(await free.call({ session: 's1' })).toMatchObject({ resumed: true });
    goOn.open();
    expect(await first).toMatchObject({ resumed: true });
  });

  it('promise 4: a state directory is the same by whatever path it is called', async () => {
    const sandbox = withCandidate();
    const link = join(sandbox.project, 'link');
    fs.symlinkSync(sandbox.project, link);
    const goOn = gate();
    const entered = gate();
    const first = sandbox.call({
      session: 's1',
      hooks: {
        afterLockAcquired: () => {
          entered.open();
          return goOn.opened;
        },
      },
    });
    await entered.opened;
    const second = sandbox.call({ session: 's1', stateDir: join(link, '.rcs', 'state') });
    goOn.open();
    expect([(await first).reason, (await second).reason]).toEqual([
      'resumed_same_codex_session',
      'current_forge_active',
    ]);
  });

  it('rule 1: the failure of one call does not hold up the next', async () => {
    const sandbox = withCandidate();
    const error = new Error('hook');
    const first = sandbox.call({ session: 's1', hooks: { afterTargetWrite: () => Promise.reject(error) } });
    const second = sandbox.call({ session: 's1' });
    expect(await thrownBy(first)).toBe(error);
    expect(await second).toMatchObject({ resumed: true });
  });

  it('rule 1: a call gives up after 5 s in the line of its own process too, and leaves it', async () => {
    const sandbox = withCandidate();
    const [entered, goOn] = [gate(), gate()];
    const first = sandbox.call({
      session: 's1',
      hooks: {
        afterLockAcquired: () => {
          entered.open();
          return goOn.opened;
        },
      },
    });
    await entered.opened;
    const second = await sandbox.call({ session: 's1' });
    expect(second).toMatchObject({ currentRcsSessionId: '', reason: 'resume_lock_timeout' });
    const third = sandbox.call({ session: 's1' });
    goOn.open();
    expect(await first).toMatchObject({ resumed: true });
    expect(await third).toMatchObject({ reason: 'current_forge_active' });
  });

  it('rule 8: an aborted call leaves the line, those behind it go on', async () => {
    const sandbox = withCandidate();
    const goOn = gate();
    const controller = new AbortController();
    const first = sandbox.call({ hooks: { afterLockAcquired: () => goOn.opened } });
    const second = sandbox.call({ session: 's1', signal: controller.signal });
    const third = sandbox.call({ session: 's1' });
    controller.abort('enough');
    expect(await thrownBy(second)).toBe('enough');
    goOn.open();
    expect((await first).reason).toBe('payload_codex_identity_missing');
    expect(await third).toMatchObject({ resumed: true });
  });
});

describe('promise 4: calls of several processes', () => {
  it('promise 1: of four processes with four calls each, one call hands the run over', async () => {
    const sandbox = withCandidate();
    const library = await bundleLibrary(sandbox.project);
    const source = `
      import { reconcileForgeSessionResume } from ${JSON.stringify(library)};
      const options = { stateDir: process.argv[2], payloadSessionId: 's1', env: { RCS_SESSION_ID: 'now' } };
      const calls = Array.from({ length: 4 }, () => reconcileForgeSessionResume(options));
      console.log(JSON.stringify((await Promise.all(calls)).map((result) => result.reason)));`;
    const outputs = await Promise.all(
      [1, 2, 3, 4].map((n) => runScript({ path: join(sandbox.project, `call-${n}.mjs`), source }, [sandbox.stateDir])),
    );
    const reasons = outputs.flat().sort();
    expect(reasons).toEqual([...Array(15).fill('current_forge_active'), 'resumed_same_codex_session']);
  });
});
