import { describe, expect, it } from 'vitest';
import {
  type FoundLock,
  formatLockToken,
  isAbandoned,
  type LockMode,
  type ProcessIdentity,
  parseLockToken,
} from '../../src/rules/lock-token.ts';

const me: ProcessIdentity = { pid: 42, host: 'here', bootId: 'boot', pidNamespace: 'pid:[1]', startTicks: '99' };
const at = 1_770_000_000_000;
const token = (mode: LockMode, other: Partial<ProcessIdentity> = {}): string =>
  formatLockToken({ ...me, pid: 7, ...other }, mode, at, 'ab12');
const legacy = `7.${at}.ab12`;

describe('lock tokens (spec.md, "Files"; protocol.md, "Lock")', () => {
  it('files: one starts with the shared format, on one line, and comes back as it was', () => {
    const text = formatLockToken(me, 'kernel', at, 'ff');
    expect(text).toMatch(/^42\.1770000000000\.ff [^\n]+$/);
    expect(parseLockToken(`${text}\n`)).toEqual({ pid: 42, epochMs: at, holder: { ...me, mode: 'kernel' } });
    expect(parseLockToken(formatLockToken(me, 'folder', at, 'FF'))?.holder?.mode).toBe('folder');
  });

  it('files: the shared format alone is a token without a holder', () => {
    expect(parseLockToken(`  ${legacy}\n`)).toEqual({ pid: 7, epochMs: at });
  });

  it.each([
    '',
    'x',
    '7',
    '7.8',
    '7.8.',
    '7.8.xyz',
    '-7.8.ab',
    '7.8.ab extra',
    '7.8.ab kernel h b',
    '7.8.ab\n7.8.ab',
    `${'1'.repeat(11)}.8.ab`,
  ])('files: %j is no token', (text) => {
    expect(parseLockToken(text)).toBeUndefined();
  });
});

describe('isAbandoned (rule 1; protocol.md, "Lock")', () => {
  const judge = (found: Partial<FoundLock>, underKernelLock = true): boolean => {
    const lock = {
      token: undefined,
      sticky: false,
      ageMs: 5_000,
      unchangedMs: 0,
      shared: false,
      holderAlive: () => true,
    };
    return isAbandoned({ ...lock, ...found }, me, underKernelLock);
  };
  const dead = { holderAlive: () => false };

  it.each([
    ['no owner, sticky', { sticky: true }, true],
    ['no owner, not sticky', {}, false],
    ['a kernel token of this boot, its pid alive', { token: token('kernel') }, true],
    ['a kernel token of another boot', { token: token('kernel', { bootId: 'x' }), ...dead }, false],
    ['a kernel token of another host', { token: token('kernel', { host: 'x' }), ...dead }, false],
    ['a kernel token of another pid namespace', { token: token('kernel', { pidNamespace: 'x' }) }, true],
    ['a folder token of a live process', { token: token('folder') }, false],
    ['a folder token of a dead process', { token: token('folder'), ...dead }, true],
    ['a folder token of another pid namespace', { token: token('folder', { pidNamespace: 'x' }), ...dead }, false],
    ['a legacy token of a live process', { token: legacy }, false],
    ['a legacy token of a dead process', { token: legacy, ...dead }, true],
    ['a legacy token of a dead process, a second old', { token: legacy, ...dead, ageMs: 1_000 }, false],
    ['a legacy token of a dead process, directory shared', { token: legacy, ...dead, shared: true }, false],
    ['an owner that is no token', { token: 'who knows', ...dead }, false],
  ])('protocol: with the kernel lock, %s: %j', (_name, found, abandoned) => {
    expect(judge(found)).toBe(abandoned);
  });

  it.each([
    ['no owner, sticky', { sticky: true }, false],
    ['a kernel token of this boot', { token: token('kernel') }, false],
    ['a kernel token of this boot, dead', { token: token('kernel'), ...dead }, true],
    ['a folder token of a dead process', { token: token('folder'), ...dead }, true],
  ])('protocol: without the kernel lock, %s: %j', (_name, found, abandoned) => {
    expect(judge(found, false)).toBe(abandoned);
  });

  it.each([
    ['no owner', undefined],
    ['a legacy token', legacy],
    ['no token', 'who knows'],
    ['a folder token of another host', token('folder', { host: 'x' })],
    ['a kernel token of another boot', token('kernel', { bootId: 'x' })],
  ])('rule 1: %s is stale once older than 10 s by mtime, or unchanged for 10 s', (_name, owner) => {
    expect(judge({ token: owner, ageMs: 10_000 })).toBe(false);
    expect(judge({ token: owner, ageMs: 10_001 })).toBe(true);
    expect(judge({ token: owner, unchangedMs: 9_999 })).toBe(false);
    expect(judge({ token: owner, unchangedMs: 10_000 })).toBe(true);
  });

  it('protocol "Fallback": a live holder of this host that says who it is is never broken by age', () => {
    expect(judge({ token: token('folder'), ageMs: 1e9, unchangedMs: 1e9 })).toBe(false);
    expect(judge({ token: token('folder'), ageMs: 1e9, unchangedMs: 1e9 }, false)).toBe(false);
  });
});
