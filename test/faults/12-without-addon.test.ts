import { once } from 'node:events';
import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallOrder } from '../support/outside/call-order.ts';
import { startCaller } from '../support/outside/caller.ts';
import { liveIn, orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const lockOf = (sandbox: Sandbox): string => sandbox.path('.lock.forge-session-resume');

/** A program of a worker thread that makes a call and stops inside it until it is terminated. */
const inside = (module: string, order: CallOrder): string => `
  import { parentPort } from 'node:worker_threads';
  import { reconcileForgeSessionResume } from ${JSON.stringify(module)};
  const hooks = { afterLockAcquired: () => new Promise(() => parentPort.postMessage('inside')) };
  setInterval(() => undefined, 1_000);
  await reconcileForgeSessionResume({ ...${JSON.stringify(order)}, hooks });`;

describe('fault 12: without the addon nothing blocks for ever', { timeout: 60_000 }, () => {
  const subject = useSubject();

  /** Lets 11 s pass for the lock folder, whose holder does not touch it any more. */
  function makeOld(sandbox: Sandbox): void {
    const then = Date.now() / 1_000 - 11;
    fs.utimesSync(lockOf(sandbox), then, then);
  }

  /** A call gets in within its 5 s: it has to see for 3 s that nobody touches the folder. */
  async function expectServed(sandbox: Sandbox): Promise<void> {
    makeOld(sandbox);
    const caller = await startCaller(subject().lonely);
    expect(await caller.call(orderIn(sandbox, 'next'))).toMatchObject({ result: { resumed: true } });
    expect(liveIn(sandbox)).toEqual(['next']);
  }

  /** The first look at a folder from the future makes it one of now, if it does not remove it. */
  async function expectDated(sandbox: Sandbox): Promise<void> {
    const caller = await startCaller(subject().lonely);
    const call = caller.call(orderIn(sandbox));
    await Promise.race([call, pause(1_500)]);
    await caller.kill();
    const stat = fs.statSync(lockOf(sandbox), { throwIfNoEntry: false });
    expect(stat?.mtimeMs ?? 0).toBeLessThanOrEqual(Date.now());
    if (stat === undefined) sandbox.putLock('1.1.aa');
  }

  it('lock: a worker thread terminated inside a call', async () => {
    const sandbox = projectWithRun({}, 'next');
    const program = join(sandbox.project, 'inside.mjs');
    fs.writeFileSync(program, inside(subject().lonely, orderIn(sandbox)));
    const worker = new Worker(program);
    await once(worker, 'message');
    await worker.terminate();
    expect(fs.existsSync(lockOf(sandbox))).toBe(true);
    await expectServed(sandbox);
  });

  it('lock: a dead holder whose folder comes from the future', async () => {
    const sandbox = projectWithRun({}, 'next');
    const victim = await startCaller(subject().lonely);
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterLockAcquired: 'kill' } }))).toBe('died');
    const ahead = Date.now() / 1_000 + 3_600;
    fs.utimesSync(lockOf(sandbox), ahead, ahead);
    await expectDated(sandbox);
    await expectServed(sandbox);
  });

  it.each([
    ['an older runtime', '1.1.aa'],
    ['nobody who said so', undefined],
  ])('lock: a folder from the future, left by %s', async (_name, token) => {
    const sandbox = projectWithRun({}, 'next');
    sandbox.putLock(token, -3_600_000);
    await expectDated(sandbox);
    await expectServed(sandbox);
  });

  it('promise 1: a holder that died between its writes, and one call of its session when its folder is old', async () => {
    const sandbox = projectWithRun();
    const victim = await startCaller(subject().lonely);
    expect(await victim.call(orderIn(sandbox, 'now', { deeds: { afterTargetWrite: 'kill' } }))).toBe('died');
    makeOld(sandbox);
    const caller = await startCaller(subject().lonely);
    expect(await caller.call(orderIn(sandbox))).toMatchObject({ result: { reason: 'current_forge_active' } });
    expect(liveIn(sandbox)).toEqual(['now']);
  });

  it('lock: a holder that stands still is no dead one', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now', 'next');
    const holder = await startCaller(subject().lonely);
    const call = holder.call(orderIn(sandbox, 'now', { deeds: { afterLockAcquired: 'stop' } }));
    await holder.stopped();
    makeOld(sandbox);
    const next = await startCaller(subject().lonely);
    expect(await next.call(orderIn(sandbox, 'next'))).toMatchObject({ result: { reason: 'resume_lock_timeout' } });
    holder.continue();
    expect(await call).toMatchObject({ result: { resumed: true } });
    onTestFinished(() => holder.kill());
  });
});
