import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { whenStarted } from '../support/when-started.ts';

const liveOwner = (): string => `${process.pid}.${Date.now()}.0123abcd`;

/** A project in which a call would hand a run over. */
const withCandidate = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return sandbox;
};

describe('rule 1: a stateDir that does not exist', () => {
  it.each([
    ['nothing is there', (): void => {}],
    ['its parent is there', (sandbox: Sandbox) => fs.mkdirSync(join(sandbox.project, '.rcs'))],
  ])('rule 1: nothing is created and no hook runs where %s', async (_name, arrange) => {
    const sandbox = makeSandbox({ stateDir: false });
    arrange(sandbox);
    const before = sandbox.tree();
    const hook = vi.fn();
    const result = await sandbox.call({ session: 's1', hooks: { afterLockAcquired: hook, afterTargetWrite: hook } });
    expect(result).toEqual({
      currentRcsSessionId: '',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'current_rcs_session_missing',
    });
    expect(hook).not.toHaveBeenCalled();
    expect(sandbox.tree()).toEqual(before);
  });
});

describe('rule 1: taking the lock', () => {
  it('rule 1: the folder and its owner are there when afterLockAcquired runs, and gone afterwards', async () => {
    const sandbox = withCandidate();
    const seen: string[] = [];
    const lock = sandbox.path('.lock.forge-session-resume');
    const started = Date.now();
    await sandbox.call({
      session: 's1',
      hooks: {
        afterLockAcquired: () => {
          seen.push(fs.readFileSync(join(lock, 'owner'), 'utf8'), ...fs.readdirSync(lock));
          expect(sandbox.raw('now')).toBeUndefined();
        },
      },
    });
    expect(seen).toEqual([expect.stringMatching(/^\d+\.\d+\.[0-9a-f]+( [^\n]*)?$/), 'owner']);
    const [pid, time] = (seen[0] ?? '').split('.').map(Number);
    expect(pid).toBe(process.pid);
    expect(time).toBeGreaterThanOrEqual(started);
    expect(time).toBeLessThanOrEqual(Date.now());
    expect(fs.existsSync(lock)).toBe(false);
  });

  it('rule 1: an asynchronous afterLockAcquired is awaited under the lock', async () => {
    const sandbox = withCandidate();
    await sandbox.call({
      session: 's1',
      hooks: {
        afterLockAcquired: async () => {
          await new Promise(setImmediate);
          expect(fs.existsSync(sandbox.path('.lock.forge-session-resume'))).toBe(true);
          sandbox.putRun('old', liveRun({ iteration: 6 }));
        },
      },
    });
    expect(sandbox.run('now')['iteration']).toBe(6);
  });

  it('rule 1: is retried every 25 ms or sooner, and taken as soon as it is free', async () => {
    const sandbox = withCandidate();
    const lock = sandbox.putLock(liveOwner());
    // What the timers are told: how long a pause then is, is the machine's affair.
    const timers = vi.spyOn(globalThis, 'setTimeout');
    onTestFinished(() => void timers.mockRestore());
    const pauses: number[] = [];
    let attempts = 0;
    const inspect = whenStarted('acquireLock', () => {
      const asked = timers.mock.calls.map(([, pause = 0]) => pause).filter((pause) => pause < 5_000);
      timers.mockClear();
      if (attempts > 0) pauses.push(Math.min(...asked));
      attempts += 1;
      if (attempts === 6) fs.rmSync(lock, { recursive: true });
    });
    expect((await sandbox.call({ session: 's1', inspect })).resumed).toBe(true);
    expect(attempts).toBe(6);
    expect(pauses).toHaveLength(5);
    for (const pause of pauses) expect(pause).toBeLessThanOrEqual(25);
  });

  it('rule 1: gives up after 5 s with resume_lock_timeout, nothing touched', async () => {
    const sandbox = withCandidate();
    sandbox.putLock(liveOwner());
    sandbox.declare({ foreignLock: true });
    const before = sandbox.snapshot();
    const hook = vi.fn();
    const started = performance.now();
    const result = await sandbox.call({ session: 's1', hooks: { afterLockAcquired: hook } });
    const waited = performance.now() - started;
    expect(result).toEqual({
      currentRcsSessionId: '',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'resume_lock_timeout',
    });
    expect(waited).toBeGreaterThan(4_950);
    expect(waited).toBeLessThan(7_000);
    expect(hook).not.toHaveBeenCalled();
    expect(sandbox.snapshot()).toEqual(before);
  });
});
