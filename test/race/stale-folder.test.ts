import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deadPid } from '../support/processes.ts';
import { Crew } from '../support/race/crew.ts';
import type { CallOrder, FilePoint, StepPoint } from '../support/race/orders.ts';
import type { Outcome, RaceProcess } from '../support/race/process.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

const handedOver = { reason: 'resumed_same_codex_session', actorErrors: [] };
const lockOf = (sandbox: Sandbox): string => sandbox.path('.lock.forge-session-resume');
const ownerOf = (sandbox: Sandbox): string => fs.readFileSync(join(lockOf(sandbox), 'owner'), 'utf8');
const order = (sandbox: Sandbox, current: string): CallOrder => {
  sandbox.putSessions(current);
  return { stateDir: sandbox.stateDir, session: 's1', current };
};
const withRun = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  return sandbox;
};
/** A project with a run and the lock folder of a process that is dead. */
const abandoned = async (): Promise<Sandbox> => {
  const sandbox = withRun();
  sandbox.putLock(`${await deadPid()}.${Date.now() - 60_000}.0123abcd`, 60_000);
  return sandbox;
};
/** Stops a waiter right before it takes the folder away that it found abandoned. */
const beforeClaim = (sandbox: Sandbox): readonly FilePoint[] => [
  { call: 'unlinkSync', path: join(lockOf(sandbox), 'owner'), when: 'before', deed: 'stop' },
];
/** The same for one without the kernel lock, before it keeps other breakers out. */
const beforeBreaking = (sandbox: Sandbox): readonly FilePoint[] => [
  { call: 'mkdirSync', path: sandbox.path('.forge-resume', 'breaking'), when: 'before', deed: 'stop' },
];
const nextAttempt: StepPoint = { step: 'acquireLock', deed: 'stop', nth: 2 };
/** Lets a stopped waiter finish its attempt; the next one stops it again. */
const finishAttempt = async (waiter: RaceProcess, call: Promise<Outcome>): Promise<void> => {
  waiter.continue();
  await Promise.race([waiter.stopped(), call]);
};

describe('two waiters that both saw the abandoned folder', () => {
  it('promise 4: the slower one does not remove the new folder of the faster one, without kernel locks', async () => {
    const sandbox = await abandoned();
    const slow = await crew.start('childWithoutAddon').ready();
    const fast = await crew.start('childWithoutAddon').ready();
    const slowCall = slow.call({ ...order(sandbox, 'b'), files: beforeBreaking(sandbox), steps: [nextAttempt] });
    await slow.stopped();
    const fastCall = fast.call({ ...order(sandbox, 'c'), steps: [{ step: 'afterLockAcquired', deed: 'wait' }] });
    await fast.inside();
    const held = ownerOf(sandbox);
    expect(held).toMatch(new RegExp(`^${fast.pid}\\.`));
    await finishAttempt(slow, slowCall);
    expect(ownerOf(sandbox)).toBe(held);
    fast.go();
    expect(await fastCall).toMatchObject(handedOver);
    slow.continue();
    expect(await slowCall).toMatchObject(handedOver);
  });

  it('promise 4: the slower one does not remove the new folder of an older runtime that was faster', async () => {
    const sandbox = await abandoned();
    const slow = await crew.start('child').ready();
    const slowCall = slow.call({ ...order(sandbox, 'b'), files: beforeClaim(sandbox), steps: [nextAttempt] });
    await slow.stopped();
    fs.rmSync(lockOf(sandbox), { recursive: true });
    sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`);
    const held = ownerOf(sandbox);
    await finishAttempt(slow, slowCall);
    expect(ownerOf(sandbox)).toBe(held);
    fs.rmSync(lockOf(sandbox), { recursive: true });
    slow.continue();
    expect(await slowCall).toMatchObject(handedOver);
  });

  it('promise 4: an owner-less new folder of an older runtime stays, though it may have the inode of the old one', async () => {
    const sandbox = withRun();
    sandbox.putLock(undefined, 60_000);
    const slow = await crew.start('child').ready();
    const slowCall = slow.call({ ...order(sandbox, 'b'), files: beforeClaim(sandbox), steps: [nextAttempt] });
    await slow.stopped();
    // The older runtime has made its folder and is about to write its token.
    fs.rmSync(lockOf(sandbox), { recursive: true });
    fs.mkdirSync(lockOf(sandbox));
    const { birthtimeMs, ino } = fs.statSync(lockOf(sandbox));
    await finishAttempt(slow, slowCall);
    expect(fs.statSync(lockOf(sandbox), { throwIfNoEntry: false })).toMatchObject({ birthtimeMs, ino });
    fs.rmSync(lockOf(sandbox), { recursive: true });
    slow.continue();
    expect(await slowCall).toMatchObject(handedOver);
  });

  it('promise 4: with kernel locks nobody else of this version comes in meanwhile', async () => {
    const sandbox = await abandoned();
    const slow = await crew.start('child').ready();
    const slowCall = slow.call({ ...order(sandbox, 'b'), files: beforeClaim(sandbox) });
    await slow.stopped();
    sandbox.putSessions('now');
    await expect(sandbox.call({ session: 's1', signal: AbortSignal.timeout(200) })).rejects.toThrow();
    slow.continue();
    expect(await slowCall).toMatchObject(handedOver);
  });
});

describe('a holder that has not written its token yet', () => {
  it.each([
    ['made its folder', 'mkdirSync'],
    ['opened its folder', 'openSync'],
  ])('promise 4: that had %s, was stopped and lost it to another, does not remove that one', async (_name, call) => {
    const sandbox = withRun();
    const slow = await crew.start('childWithoutAddon').ready();
    const fast = await crew.start('childWithoutAddon').ready();
    const files: FilePoint[] = [{ call, path: lockOf(sandbox), when: 'after', deed: 'stop' }];
    const slowCall = slow.call({ ...order(sandbox, 'b'), files, steps: [nextAttempt] });
    await slow.stopped();
    const old = (Date.now() - 60_000) / 1_000;
    fs.utimesSync(lockOf(sandbox), old, old);
    const fastCall = fast.call({ ...order(sandbox, 'c'), steps: [{ step: 'afterLockAcquired', deed: 'wait' }] });
    await fast.inside();
    const held = ownerOf(sandbox);
    await finishAttempt(slow, slowCall);
    expect(ownerOf(sandbox)).toBe(held);
    fast.go();
    expect(await fastCall).toMatchObject(handedOver);
    slow.continue();
    expect(await slowCall).toMatchObject(handedOver);
  });
});
