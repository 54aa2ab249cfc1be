import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { spreadOf } from './measure.ts';
import type { Footprint } from './report.ts';
import { finishedTree, removeStateDirs } from './trees.ts';

const child = join(__dirname, 'footprint-child.cjs');

/**
 * Measures what a long scan does to the process it runs in, each time in a fresh one: how long the event loop stalls
 * at 10,000 sessions (median of 5), how much memory a call among 100,000 takes.
 */
export async function measureFootprint(): Promise<Footprint[]> {
  const stateDir = finishedTree(10_000);
  const delays = Array.from({ length: 5 }, () => ask('delay', stateDir));
  finishedTree(90_000, stateDir, 10_000);
  const memory = ask('memory', stateDir);
  removeStateDirs();
  return [
    { what: 'event loop delay p99 at 10,000', unit: 'ms', value: spreadOf(delays).median, bar: 15 },
    { what: 'peak memory at 100,000', unit: 'MiB', value: memory, bar: 150 },
  ];
}

function ask(what: 'delay' | 'memory', stateDir: string): number {
  const { stdout, status } = spawnSync(process.execPath, [child, what, stateDir], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the measuring process ended with ${status}`);
  return Number(stdout);
}
