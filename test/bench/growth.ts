/**
 * The growth curve: a call that finds no match among 10 to 100,000 finished runs, ours and the baseline.
 * `npm run bench:growth` writes growth.json and growth.svg beside this file.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawGrowth } from './growth-svg.ts';
import { type Pace, type Spread, timeInTurn } from './measure.ts';
import { files, loadCall } from './parts.ts';
import { callOptions, finishedTree, makeStateDir, removeStateDirs } from './trees.ts';

/** What was measured at one number of sessions. */
export interface GrowthPoint {
  readonly sessions: number;
  readonly ours: Spread;
  readonly baseline: Spread;
}

const paces: Readonly<Record<number, Pace>> = {
  10: { rounds: 20, block: 10, warmup: 50 },
  100: { rounds: 20, block: 5, warmup: 10 },
  1000: { rounds: 15, block: 2, warmup: 2 },
  10000: { rounds: 7, block: 1, warmup: 1 },
  100000: { rounds: 3, block: 1, warmup: 0 },
};

async function main(): Promise<void> {
  const [ours, baseline] = [await loadCall(files.ours), await loadCall(files.baseline)];
  const stateDir = makeStateDir();
  const options = callOptions(stateDir);
  const points: GrowthPoint[] = [];
  let there = 0;
  for (const [name, pace] of Object.entries(paces)) {
    const sessions = Number(name);
    finishedTree(sessions - there, stateDir, there);
    there = sessions;
    const times = await timeInTurn(
      { ours: { run: () => ours(options) }, baseline: { run: () => baseline(options) } },
      pace,
    );
    const point = { sessions, ours: times.ours.spread, baseline: times.baseline.spread };
    points.push(point);
    console.log(
      `${sessions}: ours ${point.ours.median.toFixed(2)} ms, baseline ${point.baseline.median.toFixed(2)} ms`,
    );
  }
  const here = join(process.cwd(), 'test', 'bench');
  writeFileSync(join(here, 'growth.json'), `${JSON.stringify({ node: process.version, points }, null, 2)}\n`);
  writeFileSync(join(here, 'growth.svg'), drawGrowth(points));
}

main().finally(removeStateDirs);
