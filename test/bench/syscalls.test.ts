import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOnlyMountsWork } from '../support/read-only-mount.ts';
import { needs } from '../support/tools.ts';
import { changesFiles, type Traced } from './syscalls.ts';
import { buildTraced, expectReadOnlyAnswers, type TracedPackage, timesBelow, told } from './traced-package.ts';
import { activeTree, finishedTree, refreshTree, removeStateDirs, transferTree } from './trees.ts';

/** What the first build asked of the kernel, which took the lock for every call; fewer is what a look is for. */
const firstBuild = { noOp: 33, noMatch: 76, notify: { noOp: 101, noMatch: 144 }, hook: { noOp: 104, noMatch: 147 } };

/** The most that calls which write may ask. Lower a figure when a call becomes cheaper. */
const limits = { transfer: 360, refresh: 100 };

function expectFewer(traced: Traced, figure: number): void {
  expect(traced.total, told(traced)).toBeLessThan(figure);
  expect(traced.total).toBeGreaterThan(4);
  expect(traced.changes).toEqual([]);
}

describe.runIf(process.platform === 'linux' && needs('strace'))('system calls of one call', () => {
  let subject: TracedPackage;
  const dirs = { noOp: '', noMatch: '' };
  beforeAll(async () => {
    subject = await buildTraced('bench-syscalls');
    dirs.noOp = activeTree();
    dirs.noMatch = finishedTree(10);
  }, 60_000);
  afterAll(removeStateDirs);

  const traced = (...counted: string[]): Traced[] =>
    subject.calls([dirs.noOp, dirs.noMatch, transferTree(1), refreshTree()], counted);

  it('tells what changes files from what does not', () => {
    const changes = [
      'mkdir("/a", 0777) = 0',
      'openat(AT_FDCWD, "/a", O_WRONLY|O_CREAT, 0666) = 3',
      'utimensat(AT_FDCWD, "/a", NULL, 0) = 0',
      'renameat2(3, "a", 3, "b", 0) = 0',
      'fsync(3) = 0',
    ];
    expect(changes.filter(changesFiles)).toEqual(changes);
    const others = ['openat(AT_FDCWD, "/a", O_RDONLY|O_NOFOLLOW) = 3', 'statx(AT_FDCWD, "/a") = 0', 'close(3) = 0'];
    expect(others.filter(changesFiles)).toEqual([]);
  });

  it('rule 0: a no-op and a no match among ten ask less than the first build and change nothing', () => {
    const [noOp, noMatch] = traced(dirs.noOp, dirs.noMatch) as [Traced, Traced];
    expectFewer(noOp, firstBuild.noOp);
    expectFewer(noMatch, firstBuild.noMatch);
  });

  it.each(['notify', 'hook'] as const)('rule 0: so does %s as a whole process, from its start on', (way) => {
    expectFewer(subject.agent(way, dirs.noOp), firstBuild[way].noOp);
    expectFewer(subject.agent(way, dirs.noMatch), firstBuild[way].noMatch);
  });

  it('rule 0: neither touches the time of any file or folder', () => {
    const times = (): string[] => Object.values(dirs).flatMap(timesBelow);
    const before = times();
    traced(dirs.noOp, dirs.noMatch);
    for (const dir of Object.values(dirs)) subject.agent('hook', dir);
    expect(times()).toEqual(before);
    // The comparison sees what it should: any touch.
    fs.utimesSync(join(dirs.noOp, 'sessions'), 1, 1);
    expect(times()).not.toEqual(before);
  });

  it('promise 7: a no-op asks as little among fifty sessions', () => {
    const [alone, among] = traced(dirs.noOp, finishedTree(50, activeTree())) as [Traced, Traced];
    expect(among.total, told(among)).toBe(alone.total);
  });

  it.runIf(readOnlyMountsWork())('rule 0: a no-op and a no match are answered on a read-only mount', () => {
    for (const dir of Object.values(dirs)) expectReadOnlyAnswers(subject, dir);
  });

  it('rules 3 and 7: a transfer among ten and a refresh of the owner keep to their numbers', () => {
    const [transfer, refresh] = traced(transferTree(10), refreshTree()) as [Traced, Traced];
    expect(transfer.total, told(transfer)).toBeLessThanOrEqual(limits.transfer);
    expect(transfer.counts.get('fsync')).toBeGreaterThanOrEqual(6);
    expect(refresh.total, told(refresh)).toBeLessThanOrEqual(limits.refresh);
    expect(refresh.counts.get('fsync')).toBe(3);
  });
});
