import fs from 'node:fs';
import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { deadPid, liveProcess } from '../support/processes.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

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
/** Expects that the lock stays where it is for as long as a call tries. */
const isRespected = async (sandbox: Sandbox): Promise<void> => {
  const before = sandbox.snapshot();
  const call = sandbox.call({ session: 's1', signal: AbortSignal.timeout(300) });
  await expect(call).rejects.toThrow();
  expect(sandbox.snapshot()).toEqual(before);
  sandbox.declare({ foreignLock: true });
};
const foreign = (host: string, boot: string): string =>
  `4242.${Date.now() - 3_000}.0123abcd kernel ${host} ${boot} pid:[1] 77`;
const bootId = (): string => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

describe('lock folders of older runtimes', () => {
  it('promise 5: a dead holder, folder older than 1 s, delays a call by less than 1 s', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${await deadPid()}.${Date.now() - 1_100}.0123abcd`, 1_100);
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeLessThan(1_000);
  });

  it('promise 5: a dead holder, folder just made, delays a call by little more than the second that it is given', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${await deadPid()}.${Date.now()}.0123abcd`);
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeGreaterThan(900);
    expect(millis).toBeLessThan(2_000);
  });

  it('promise 5: a pid that was given to a later process counts as dead', async () => {
    const sandbox = withRun();
    const { pid } = liveProcess();
    sandbox.putLock(`${pid}.${Date.now() - 9_000}.0123abcd`, 9_000);
    expect((await timed(sandbox)).reason).toBe('resumed_same_codex_session');
  });

  it('rule 1: a live holder is respected', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`, 9_000);
    await isRespected(sandbox);
  });

  it('rule 1: a live holder is respected until 10 s by mtime', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`, 9_600);
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeGreaterThan(350);
  });
});

describe('lock folders of other hosts and boots', () => {
  it.each([
    ['another host', 'elsewhere', bootId()],
    ['an earlier boot of this host', os.hostname(), '00000000-0000-0000-0000-000000000000'],
  ])('rule 1: of %s is respected until it is stale', async (_name, host, boot) => {
    const sandbox = withRun();
    sandbox.putLock(foreign(host, boot), 9_000);
    await isRespected(sandbox);
    const old = (Date.now() - 10_500) / 1_000;
    fs.utimesSync(sandbox.path('.lock.forge-session-resume'), old, old);
    sandbox.declare({ foreignLock: false });
    expect((await timed(sandbox)).reason).toBe('resumed_same_codex_session');
  });

  it('promise 5: of this host and boot, made under the kernel lock, is removed at once, whatever its pid', async () => {
    const sandbox = withRun();
    sandbox.putLock(foreign(os.hostname(), bootId()).replace(/^\d+/, String(process.pid)));
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeLessThan(1_000);
  });

  it('promise 5: without owner but with the sticky bit is removed at once', async () => {
    const sandbox = withRun();
    fs.chmodSync(sandbox.putLock(), 0o1700);
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeLessThan(1_000);
  });

  it('rule 1: a dead pid means nothing once another pid namespace has used the directory', async () => {
    const sandbox = withRun();
    await sandbox.call({ current: 'nobody', hooks: { afterLockAcquired: () => undefined } });
    const notes = sandbox.path('.forge-resume', 'lock');
    fs.writeFileSync(notes, JSON.stringify({ user: `${os.hostname()} pid:[1]`, shared: false }));
    sandbox.putLock(`${await deadPid()}.${Date.now() - 3_000}.0123abcd`, 3_000);
    await isRespected(sandbox);
    expect(JSON.parse(fs.readFileSync(notes, 'utf8'))).toMatchObject({ shared: true });
  });
});

describe('a lock folder with an mtime in the future', () => {
  it('rule 1: is stale after 10 s without any change, counted across calls, and not earlier', async () => {
    const sandbox = withRun();
    sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`, -3_600_000);
    await isRespected(sandbox);
    const notes = sandbox.path('.forge-resume', 'lock');
    const seen = JSON.parse(fs.readFileSync(notes, 'utf8')) as { sight: { sinceMs: number } };
    expect(seen.sight.sinceMs).toBeLessThanOrEqual(Number(process.hrtime.bigint() / 1_000_000n));
    const earlier = (ms: number): void =>
      fs.writeFileSync(notes, JSON.stringify({ ...seen, sight: { ...seen.sight, sinceMs: seen.sight.sinceMs - ms } }));
    earlier(8_000);
    await isRespected(sandbox);
    earlier(10_000);
    sandbox.declare({ foreignLock: false });
    const { reason, millis } = await timed(sandbox);
    expect(reason).toBe('resumed_same_codex_session');
    expect(millis).toBeLessThan(1_000);
  });

  it('rule 1: is respected for as long as its holder touches it', async () => {
    const sandbox = withRun();
    const lock = sandbox.putLock(`${process.pid}.${Date.now()}.0123abcd`, -3_600_000);
    await isRespected(sandbox);
    const notes = sandbox.path('.forge-resume', 'lock');
    const seen = JSON.parse(fs.readFileSync(notes, 'utf8')) as { sight: { sinceMs: number } };
    const sight = { ...seen.sight, sinceMs: seen.sight.sinceMs - 60_000 };
    fs.writeFileSync(notes, JSON.stringify({ ...seen, sight }));
    const later = (Date.now() + 3_700_000) / 1_000;
    fs.utimesSync(lock, later, later);
    await isRespected(sandbox);
  });
});
