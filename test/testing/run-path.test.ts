import { statSync, utimesSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SimulatedClock } from 'xstate';
import { resumePaths } from '../../src/graph/paths.ts';
import { statePaths } from '../../src/store/file/files/paths.ts';
import { openFileStore } from '../../src/store/file/index.ts';
import { joinLine } from '../../src/store/file/lock/turn-queue.ts';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { PathMismatch } from '../../src/testing/mismatch.ts';
import { runMachine } from '../../src/testing/run-machine.ts';
import { runPath } from '../../src/testing/run-path.ts';
import { thrownBy } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

const doubt = () => ({ kind: 'doubtful', pane: null }) as const;
const none = () => ({ kind: 'none' }) as const;
const [resumed] = resumePaths({ to: 'resumed_same_codex_session' });
const [timedOut] = resumePaths({ to: 'timedOut', through: 'acquireLock: busy' });

function fileWorld(options?: Parameters<typeof createFileWorld>[0]) {
  const world = createFileWorld(options);
  onTestFinished(world.dispose);
  return world;
}

describe('a run that leaves its path', () => {
  it('fails with both sequences side by side and the first step that differs', async () => {
    if (resumed === undefined) throw new Error('no path resumes');
    const world = fileWorld({
      alter: (actors) => ({ ...actors, scanCandidates: () => ({ kind: 'scanned', candidates: [], copies: [] }) }),
    });
    const thrown = await thrownBy(runPath(resumed, world));
    expect(thrown).toBeInstanceOf(PathMismatch);
    const { message, step } = thrown as PathMismatch;
    expect(resumed.states[step]).toBe('locked.transfer.prepare');
    expect(message).toContain('expected locked.transfer.prepare, got release');
    expect(message).toMatch(/^> locked\.transfer\.prepare +release$/m);
    expect(message).toMatch(/^ {2}locked\.scanCandidates +locked\.scanCandidates$/m);
    expect(message).toContain('"no_matching_prior_forge"');
  });

  it('fails where only the result differs', async () => {
    const [path] = resumePaths({ through: 'updateOwner: updated', to: 'current_forge_active' });
    if (path === undefined) throw new Error('no path refreshes');
    const world = fileWorld({
      alter: (actors) => ({ ...actors, updateOwner: () => ({ kind: 'unchanged' }) }),
    });
    const thrown = await thrownBy(runPath(path, world));
    expect(thrown).toMatchObject({
      step: -1,
      problems: expect.arrayContaining([
        'owner updated: expected true, got false',
        'the refreshed run was not written',
      ]),
    });
  });
});

describe('rule 1 on simulated time', () => {
  it('gives up after 5 s without waiting for them', async () => {
    if (timedOut === undefined) throw new Error('no path times out');
    const before = performance.now();
    await runPath(timedOut, fileWorld());
    expect(performance.now() - before).toBeLessThan(4_000);
  });

  it('gives up while another call of this process stands before it in line', async () => {
    const sandbox = makeSandbox();
    const { dev, ino } = statSync(sandbox.stateDir, { bigint: true });
    const turn = joinLine(`${dev} ${ino}`);
    onTestFinished(turn.leave);
    const clock = new SimulatedClock();
    const store = openFileStore(
      { paths: statePaths(sandbox.stateDir), env: {}, now: new Date(), findPane: async () => '' },
      clock,
    );
    const end = await runMachine({
      actors: {
        ...store.actors,
        look: doubt,
        findPane: none,
      },
      input: { payloadSessionId: 's1', payloadThreadId: '' },
      clock,
      limit: 9,
      around: (_name, body) => {
        queueMicrotask(() => clock.increment(5_000));
        return body();
      },
    }).finally(store.close);
    expect(end).toMatchObject({ kind: 'output', output: { reason: 'resume_lock_timeout', failure: null } });
  });

  it('promise 5: touches the lock folder every 2 s while the call goes on', async () => {
    const sandbox = makeSandbox();
    const lock = sandbox.path('.lock.forge-session-resume');
    const clock = new SimulatedClock();
    const store = openFileStore(
      { paths: statePaths(sandbox.stateDir), env: {}, now: new Date(), findPane: async () => '' },
      clock,
    );
    const touched: boolean[] = [];
    await runMachine({
      actors: {
        ...store.actors,
        look: doubt,
        findPane: none,
        afterLockAcquired: () => {
          for (const ms of [1_999, 1, 2_000]) {
            utimesSync(lock, 1, 1);
            clock.increment(ms);
            touched.push(statSync(lock).mtimeMs > 1_000);
          }
          return { kind: 'done' };
        },
      },
      input: { payloadSessionId: 's1', payloadThreadId: '', hooks: ['afterLockAcquired'] },
      clock,
      limit: 9,
    }).finally(store.close);
    expect(touched).toEqual([false, true, true]);
  });
});
