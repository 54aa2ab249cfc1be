import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { whenStarted } from '../support/when-started.ts';

/** A project in which a call of `now` hands the run of `old` over. */
function withCandidate(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putRecord({ session_id: 'now' });
  fs.chmodSync(sandbox.putRun('old', `${JSON.stringify(liveRun())}\n`), 0o640);
  return sandbox;
}

/** Everything but the folder that stays on rollback. */
function untouched(sandbox: Sandbox): Record<string, string> {
  const { '.rcs/state/sessions/now': _folder, ...rest } = sandbox.snapshot();
  return rest;
}

const lockOf = (sandbox: Sandbox): string => sandbox.path('.lock.forge-session-resume');

describe('rule 8: the abort signal', () => {
  it('rule 8: aborted before the call, nothing happens and no hook runs', async () => {
    const sandbox = withCandidate();
    const before = sandbox.snapshot();
    const reason = { stop: true };
    const hook = vi.fn();
    const signal = AbortSignal.abort(reason);
    expect(await thrownBy(sandbox.call({ session: 's1', signal, hooks: { afterLockAcquired: hook } }))).toBe(reason);
    expect(hook).not.toHaveBeenCalled();
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 8: aborted while the lock is awaited, the lock of the other stays', async () => {
    const sandbox = withCandidate();
    const lock = sandbox.putLock(`${process.pid}.${Date.now()}.ab`);
    const before = sandbox.snapshot();
    const controller = new AbortController();
    const call = sandbox.call({ session: 's1', signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 50);
    expect(await thrownBy(call)).toBe('enough');
    expect(sandbox.snapshot()).toEqual(before);
    fs.rmSync(lock, { recursive: true });
  });

  it('rule 8: aborted before the target is written, nothing changes', async () => {
    const sandbox = withCandidate();
    const before = sandbox.snapshot();
    const controller = new AbortController();
    const reason = new Error('stop');
    const hooks = { afterLockAcquired: () => controller.abort(reason) };
    expect(await thrownBy(sandbox.call({ session: 's1', signal: controller.signal, hooks }))).toBe(reason);
    expect(sandbox.snapshot()).toEqual(before);
    expect(fs.existsSync(lockOf(sandbox))).toBe(false);
  });

  it.each([
    'recover',
    'readCurrent',
    'scanCandidates',
    'findPane',
    'prepare',
    'writeTarget',
    'afterTargetWrite',
    'writeSource',
  ])('rule 8: aborted as %s starts, nothing is left of the transfer', async (actor) => {
    const sandbox = withCandidate();
    const before = untouched(sandbox);
    const controller = new AbortController();
    const reason = new Error('stop');
    const call = sandbox.call({
      session: 's1',
      signal: controller.signal,
      hooks: { afterTargetWrite: () => undefined },
      inspect: whenStarted(actor, () => controller.abort(reason)),
    });
    expect(await thrownBy(call)).toBe(reason);
    expect(untouched(sandbox)).toEqual(before);
    expect(fs.existsSync(lockOf(sandbox))).toBe(false);
  });

  it.each([
    ['at once', (abort: () => void): unknown => abort()],
    [
      'while the hook still runs',
      async (abort: () => void) => {
        abort();
        await new Promise(setImmediate);
      },
    ],
  ])('rule 8: aborted between the writes %s, the target goes and the source stays', async (_name, hook) => {
    const sandbox = withCandidate();
    const before = untouched(sandbox);
    const controller = new AbortController();
    const reason = new Error('stop');
    const hooks = { afterTargetWrite: () => hook(() => controller.abort(reason)) };
    expect(await thrownBy(sandbox.call({ session: 's1', signal: controller.signal, hooks }))).toBe(reason);
    expect(untouched(sandbox)).toEqual(before);
    expect(fs.existsSync(lockOf(sandbox))).toBe(false);
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ resumed: true });
  });

  it.each(['commit', 'release'])('rule 8: aborted as %s starts, it is ignored', async (actor) => {
    const sandbox = withCandidate();
    const controller = new AbortController();
    const inspect = whenStarted(actor, () => controller.abort(new Error('too late')));
    const result = await sandbox.call({ session: 's1', signal: controller.signal, inspect });
    expect(controller.signal.aborted).toBe(true);
    expect(result.resumed).toBe(true);
    expect([sandbox.run('now')['active'], sandbox.run('old')['active']]).toEqual([true, false]);
  });

  it('rule 8: aborted after the call, nothing happens', async () => {
    const sandbox = withCandidate();
    const controller = new AbortController();
    const result = await sandbox.call({ session: 's1', signal: controller.signal });
    const before = sandbox.snapshot();
    controller.abort();
    await new Promise(setImmediate);
    expect(result.resumed).toBe(true);
    expect(sandbox.snapshot()).toEqual(before);
  });
});
