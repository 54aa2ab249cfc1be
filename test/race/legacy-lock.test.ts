import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { deadPid, liveProcess } from '../support/processes.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';

const withRun = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  return sandbox;
};
/** Calls, and says how long it took. */
const timed = async (sandbox: Sandbox): Promise<{ reason: string; millis: number }> => {
  const began = performance.now();
  const { reason } = await sandbox.call({ session: 's1' });
  return { reason, millis: performance.now() - began };
};
/** Calls where a lock folder goes by its age, and expects that the lock was taken no sooner than 10 s after its time. */
const isTakenOnceStale = async (sandbox: Sandbox, ageMs: number): Promise<void> => {
  const since = fs.statSync(sandbox.path('.lock.forge-session-resume')).mtimeMs;
  expect(Date.now() - since).toBeGreaterThanOrEqual(ageMs);
  const { reason, millis } = await timed(sandbox);
  expect(reason).toBe('resumed_same_codex_session');
  expect(Date.now() - since).toBeGreaterThanOrEqual(10_000);
  expect(millis).toBeLessThan(10_000 - ageMs + atOnceMs);
};
/** Expects that the lock stays where it is for as long as a call tries. */
const isRespected = async (sandbox: Sandbox): Promise<void> => {
  const before = sandbox.snapshot();
  const call = sandbox.call({ session: 's1', signal: AbortSignal.timeout(300) });
  await expect(call).rejects.toThrow();
  expect(sandbox.snapshot()).toEqual(before);
  sandbox.declare({ foreignLock: true });
};
const foreign = (boot: string): string => `4242.${Date.now() - 3_000}.0123abcd kernel ${boot} pid:[1] 77`;
const bootId = (): string => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

describe('lock folders of older runtimes', () => {
  it.each([
    ['is dead', deadPid],
    ['lives', async () => process.pid],
    ['has a pid that was given to a later process', async () => liveProcess().pid],
  ])('rule 1: a holder that %s is respected until its folder is 10 s old, and not longer', async (_name, pid) => {
    const sandbox = withRun();
    sandbox.putLock(`${await pid()}.${Date.now() - 60_000}.0123abcd`, 8_000);
    await isRespected(sandbox);
    sandbox.declare({ foreignLock: false });
    await isTakenOnceStale(sandbox, 8_000);
  });

  it('rule 1: a live holder is respected', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`, 6_000);
    await isRespected(sandbox);
  });

  it('rule 1: a live holder is respected until 10 s by mtime', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`, 9_600);
    await isTakenOnceStale(sandbox, 9_600);
  });
});

describe('lock folders of other hosts and boots', () => {
  it('rule 1: of an earlier boot is respected until it is stale', async () => {
    const sandbox = withRun();
    sandbox.putLock(foreign('00000000-0000-0000-0000-000000000000'), 6_000);
    await isRespected(sandbox);
    const old = (Date.now() - 10_500) / 1_000;
    fs.utimesSync(sandbox.path('.lock.forge-session-resume'), old, old);
    sandbox.declare({ foreignLock: false });
    expect((await timed(sandbox)).reason).toBe('resumed_same_codex_session');
  });

  it('promise 5: of this boot, made under the kernel lock, is removed at once, whatever its pid', async () => {
    const sandbox = withRun();
    sandbox.putLock(foreign(bootId()).replace(/^\d+/, String(process.pid)));
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeLessThan(atOnceMs);
  });

  it('promise 5: without owner but with the sticky bit is removed at once', async () => {
    const sandbox = withRun();
    fs.chmodSync(sandbox.putLock(), 0o1700);
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeLessThan(atOnceMs);
  });

  it('promise 5: the same under another host name, as the first build wrote it', async () => {
    const sandbox = withRun();
    sandbox.putLock(`4242.${Date.now() - 3_000}.0123abcd kernel renamed.host ${bootId()} pid:[1] 77`);
    expect((await timed(sandbox)).millis).toBeLessThan(atOnceMs);
  });
});
