import fs from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { deadPid } from '../support/processes.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';

const liveOwner = (): string => `${process.pid}.${Date.now()}.0123abcd`;

/** A project in which a call would hand a run over. */
const withCandidate = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return sandbox;
};

describe('rule 1: a foreign lock folder', () => {
  it.each([
    ['with a live owner', liveOwner()],
    ['with an owner that cannot be read as one', 'who knows'],
    ['without an owner', undefined],
  ])('rule 1: %s and more than 10 s old by mtime is stale and is broken', async (_name, owner) => {
    const sandbox = withCandidate();
    sandbox.putLock(owner, 10_500);
    const started = performance.now();
    expect((await sandbox.call({ session: 's1' })).resumed).toBe(true);
    expect(performance.now() - started).toBeLessThan(atOnceMs);
  });

  it('rule 1: is not broken while it is younger', async () => {
    const sandbox = withCandidate();
    const lock = sandbox.putLock(liveOwner(), 3_000);
    const before = sandbox.snapshot();
    const reason = new Error('long enough');
    const controller = new AbortController();
    const call = sandbox.call({ session: 's1', signal: controller.signal });
    setTimeout(() => controller.abort(reason), 300);
    expect(await thrownBy(call)).toBe(reason);
    expect(sandbox.snapshot()).toEqual(before);
    fs.rmSync(lock, { recursive: true });
  });

  it('protocol "Lock": of an older runtime goes by its age alone, dead as its process may be', async () => {
    const sandbox = withCandidate();
    const lock = sandbox.putLock(`${await deadPid()}.${Date.now() - 9_000}.0123abcd`, 9_000);
    const started = Date.now();
    expect((await sandbox.call({ session: 's1' })).resumed).toBe(true);
    expect(Date.now() - started).toBeGreaterThan(500);
    expect(fs.existsSync(lock)).toBe(false);
  });

  it('protocol "Lock": with a time ahead of the clock is set to now, and is stale 10 s later', async () => {
    const sandbox = withCandidate();
    const lock = sandbox.putLock(liveOwner(), -3_600_000);
    const controller = new AbortController();
    const call = sandbox.call({ session: 's1', signal: controller.signal });
    await vi.waitFor(() => expect(fs.statSync(lock).mtimeMs).toBeLessThan(Date.now() + 1_000), 4_000);
    controller.abort(new Error('long enough'));
    await thrownBy(call);
    const past = (Date.now() - 10_500) / 1_000;
    fs.utimesSync(lock, past, past);
    expect((await sandbox.call({ session: 's1' })).resumed).toBe(true);
  });

  it('protocol "Lock": that cannot be emptied is put under a name beside it', async () => {
    const sandbox = withCandidate();
    const lock = sandbox.putLock(liveOwner());
    fs.mkdirSync(`${lock}/more`);
    const past = (Date.now() - 10_500) / 1_000;
    fs.utimesSync(lock, past, past);
    expect((await sandbox.call({ session: 's1' })).resumed).toBe(true);
    const beside = fs.readdirSync(sandbox.stateDir).filter((name) => name.startsWith('.lock.forge-session-resume.'));
    expect(beside).toEqual([expect.stringMatching(/^\.lock\.forge-session-resume\.[0-9a-f]+$/)]);
    expect(fs.existsSync(sandbox.path(String(beside[0]), 'more'))).toBe(true);
    sandbox.declare({ own: new Set([sandbox.path(String(beside[0]))]) });
  });
});

describe('rule 1: releasing the lock', () => {
  const replaceFolder = (sandbox: Sandbox): void => {
    fs.renameSync(sandbox.path('.lock.forge-session-resume'), sandbox.path('moved'));
    fs.rmSync(sandbox.path('moved'), { recursive: true });
    sandbox.putLock('1.2.ab');
  };
  const replaceOwner = (sandbox: Sandbox): void => {
    fs.writeFileSync(sandbox.path('.lock.forge-session-resume', 'owner'), '1.2.ab');
  };

  it.each([
    ['the folder', replaceFolder],
    ['the owner file', replaceOwner],
  ])('rule 1: a lock that is not ours any more by %s is left alone', async (_name, replace) => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', { active: false });
    sandbox.declare({ foreignLock: true });
    const result = await sandbox.call({ hooks: { afterLockAcquired: () => replace(sandbox) } });
    expect(result.reason).toBe('current_forge_present');
    expect(fs.readFileSync(sandbox.path('.lock.forge-session-resume', 'owner'), 'utf8')).toBe('1.2.ab');
  });

  it.each([
    ['no current session', {}],
    ['no identity', { current: 'now' }],
    ['a transfer', { current: 'now', session: 's1' }],
  ])('rule 1: the lock is released after %s', async (_name, options) => {
    const sandbox = withCandidate();
    await sandbox.call({ current: 'nobody', ...options });
    expect(fs.existsSync(sandbox.path('.lock.forge-session-resume'))).toBe(false);
    expect((await sandbox.call({ session: 'other' })).reason).not.toBe('resume_lock_timeout');
  });

  it('rule 1: the lock is released after an error of afterLockAcquired', async () => {
    const sandbox = withCandidate();
    const error = new Error('hook');
    const call = sandbox.call({ hooks: { afterLockAcquired: () => Promise.reject(error) } });
    expect(await thrownBy(call)).toBe(error);
    expect(fs.existsSync(sandbox.path('.lock.forge-session-resume'))).toBe(false);
  });
});
