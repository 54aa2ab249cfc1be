import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/tools.ts';
import { buildBench } from './build.mjs';
import { countSyscalls } from './syscalls.ts';
import { activeTree, finishedTree, makeStateDir, refreshTree, removeStateDirs, transferTree } from './trees.ts';

/** The most that a call of each kind may ask of the kernel. Lower a figure when a call becomes cheaper. */
const limits = { noOp: 33, noMatch: 76, transfer: 182, refresh: 61 };

const durable = ['fsync', 'fdatasync', 'sync', 'syncfs', 'sync_file_range', 'rename', 'renameat', 'renameat2', 'link'];

describe.runIf(process.platform === 'linux' && needs('strace'))('system calls of one call', () => {
  let counts: Map<string, number>[];
  const sum = (at: number): number => [...(counts[at] ?? [])].reduce((total, [, count]) => total + count, 0);
  const told = (at: number): string => JSON.stringify(Object.fromEntries(counts[at] ?? []));
  const noOp = { dir: '', before: '', after: '' };

  beforeAll(async () => {
    const folder = await buildBench([], 'bench-syscalls');
    noOp.dir = activeTree();
    const [noMatch, transfer, refresh] = [finishedTree(10), transferTree(10), refreshTree()];
    const crowded = finishedTree(50, activeTree());
    noOp.before = runTimes(noOp.dir);
    const scratch = makeStateDir();
    // What is made once for a directory is there in the first two when they are counted; the others' calls make it.
    counts = countSyscalls(
      folder,
      noOp.dir,
      [noOp.dir, noMatch, noMatch, transfer, refresh, crowded, crowded],
      scratch,
    );
    noOp.after = runTimes(noOp.dir);
  }, 60_000);
  afterAll(removeStateDirs);

  it('rule 3: a call that changes nothing keeps to its number and writes nothing durable', () => {
    expect(sum(0), told(0)).toBeLessThanOrEqual(limits.noOp);
    expect(sum(0)).toBeGreaterThan(10);
    for (const name of durable) expect(counts[0]?.get(name), name).toBeUndefined();
    expect(noOp.after).toBe(noOp.before);
  });

  it('rule 3: a call that changes nothing asks as little among fifty sessions', () => {
    expect(sum(6), told(6)).toBe(sum(0));
  });

  it('rule 6: a call that finds no match among ten keeps to its number and writes nothing durable', () => {
    expect(sum(2), told(2)).toBeLessThanOrEqual(limits.noMatch);
    for (const name of durable) expect(counts[2]?.get(name), name).toBeUndefined();
  });

  it('rule 7: a transfer among ten keeps to its number', () => {
    expect(sum(3), told(3)).toBeLessThanOrEqual(limits.transfer);
    expect(counts[3]?.get('fsync')).toBeGreaterThanOrEqual(6);
  });

  it('rule 3: a refresh of the owner keeps to its number', () => {
    expect(sum(4), told(4)).toBeLessThanOrEqual(limits.refresh);
    expect(counts[4]?.get('fsync')).toBe(2);
  });
});

/** Inode and times of a directory's run files, to the nanosecond. */
function runTimes(stateDir: string): string {
  const sessions = join(stateDir, 'sessions');
  const files = fs.readdirSync(sessions).map((id) => join(sessions, id, 'forge-state.json'));
  const stats = files.map((file) => fs.statSync(file, { bigint: true }));
  return stats.map(({ ino, mtimeNs, ctimeNs }) => `${ino} ${mtimeNs} ${ctimeNs}`).join('\n');
}
