import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBench } from './build.mjs';
import { activeTree, finishedTree, removeStateDirs, transferTree } from './trees.ts';

describe('a process that has made its call', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await buildBench([], 'bench-footprint');
  });
  afterAll(removeStateDirs);

  it.each([
    ['changes nothing', activeTree],
    ['finds no match', () => finishedTree(20)],
    ['transfers', () => transferTree(20)],
  ])('and %s holds no handle and exits by itself', (_, makeTree) => {
    const script = [join(folder, 'footprint-child.cjs'), 'handles', makeTree()];
    // The one timer of a call is 2 s long: a process that is gone well before has not waited for it.
    const { status, stdout, stderr } = spawnSync(process.execPath, script, { encoding: 'utf8', timeout: 20_000 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { handles, exitMs } = JSON.parse(stdout) as { handles: string[]; exitMs: number };
    expect(handles).toEqual([]);
    expect(exitMs).toBeLessThan(1_000);
  });
});
