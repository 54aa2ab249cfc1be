import { describe, expect, it } from 'vitest';
import {
  type FoundLock,
  formatLockToken,
  holderOf,
  isAbandoned,
  type LockMode,
  type ProcessIdentity,
} from '../../src/rules/lock-token.ts';

const me: ProcessIdentity = { pid: 42, bootId: 'boot', pidNamespace: 'pid:[1]', startTicks: '99' };
const at = 1_770_000_000_000;
const token = (mode: LockMode, other: Partial<ProcessIdentity> = {}): string =>
  formatLockToken({ ...me, pid: 7, ...other }, mode, at, 'ab12');
const legacy = `7.${at}.ab12`;
/** As the first build wrote them, with a host name. */
const first = (mode: LockMode, bootId = 'boot'): string => `${legacy} ${mode} some.host ${bootId} pid:[1] 99`;

describe('lock tokens (spec.md, "Files"; protocol.md, "Lock")', () => {
  it('files: one starts with the shared format, on one line, and says who holds the lock', () => {
    const text = formatLockToken(me, 'kernel', at, 'ff');
    expect(text).toMatch(/^42\.1770000000000\.ff [^\n]+$/);
    expect(holderOf(`${text}\n`)).toEqual({ ...me, mode: 'kernel' });
    expect(holderOf(formatLockToken(me, 'folder', at, 'FF'))?.mode).toBe('folder');
    expect(holderOf(first('kernel'))).toEqual({ ...me, pid: 7, mode: 'kernel' });
  });

  it.each(['', 'x', legacy, '7.8', '7.8.xyz', '-7.8.ab', '7.8.ab extra', '7.8.ab kernel b', `${'1'.repeat(11)}.8.ab`])(
    'files: %j says nothing of its holder',
    (text) => {
      expect(holderOf(text)).toBeUndefined();
    },
  );
});

describe('isAbandoned (rule 1; protocol.md, "Lock")', () => {
  const judge = (found: Partial<FoundLock>, mode: LockMode): boolean => {
    const lock = { token: undefined, sticky: false, ageMs: 5_000, watchedMs: 0, isStopped: () => false };
    return isAbandoned({ ...lock, ...found }, me, mode);
  };

  it.each([
    ['no owner, sticky', { sticky: true }, true],
    ['half an owner, sticky', { sticky: true, token: '7.1' }, true],
    ['no owner, not sticky', {}, false],
    ['a kernel token of this boot', { token: token('kernel') }, true],
    ['a kernel token of another pid namespace', { token: token('kernel', { pidNamespace: 'x' }) }, true],
    ['a kernel token of the first build', { token: first('kernel') }, true],
    ['a kernel token of another boot', { token: token('kernel', { bootId: 'x' }) }, false],
    ['a kernel token of another boot, sticky', { token: token('kernel', { bootId: 'x' }), sticky: true }, false],
    ['a folder token', { token: token('folder') }, false],
    ['an older runtime’s token', { token: legacy }, false],
    ['an owner that is no token', { token: 'who knows' }, false],
  ])('protocol: with the kernel lock, %s: %j', (_name, found, abandoned) => {
    expect(judge(found, 'kernel')).toBe(abandoned);
  });

  it.each([
    ['no owner', undefined],
    ['an older runtime’s token', legacy],
    ['no token', 'who knows'],
    ['a folder token', token('folder')],
    ['a kernel token of another boot', token('kernel', { bootId: 'x' })],
  ])('rule 1: with the kernel lock, %s is stale once older than 10 s by mtime', (_name, owner) => {
    expect(judge({ token: owner, ageMs: 10_000 }, 'kernel')).toBe(false);
    expect(judge({ token: owner, ageMs: 10_001 }, 'kernel')).toBe(true);
    expect(judge({ token: owner, ageMs: 10_001, isStopped: () => true }, 'kernel')).toBe(true);
  });

  it.each([
    ['no owner, sticky', undefined],
    ['an older runtime’s token', legacy],
    ['no token', 'who knows'],
  ])('rule 1: without the kernel lock, %s goes by its age alone', (_name, owner) => {
    expect(judge({ token: owner, sticky: true, ageMs: 10_000 }, 'folder')).toBe(false);
    expect(judge({ token: owner, sticky: true, ageMs: 10_001 }, 'folder')).toBe(true);
  });

  it.each([token('kernel'), token('folder'), token('folder', { bootId: 'x' }), first('folder')])(
    'protocol "Fallback": %s is stale at 10 s, once it was seen untouched for 3 s, and its holder is not stopped',
    (owner) => {
      const found = { token: owner, ageMs: 10_001, watchedMs: 3_000 };
      expect(judge(found, 'folder')).toBe(true);
      expect(judge({ ...found, ageMs: 10_000 }, 'folder')).toBe(false);
      expect(judge({ ...found, watchedMs: 2_999 }, 'folder')).toBe(false);
      expect(judge({ ...found, isStopped: () => true }, 'folder')).toBe(false);
    },
  );
});
