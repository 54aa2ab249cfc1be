/** The subject's calls with an entry exchanged at each moment in turn: what an attacker with all the luck would hit. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** One series of calls. */
export interface StepOrder {
  /** The bundled subject. */
  readonly module: string;
  /** An empty folder. */
  readonly scratch: string;
  /** Sessions that have the run one after another before the call. */
  readonly visited: readonly string[];
  /** What somebody left before the call. */
  readonly left: 'nothing' | 'stale lock' | 'copy';
  /** The session that calls. */
  readonly current: string;
  /** Every how many moments are tried, and how many are left out at first, fewer than that. */
  readonly stride: number;
  readonly first: number;
}

/** What a series starts from. */
export type Situation = Pick<StepOrder, 'visited' | 'left' | 'current'>;

/** Situations in which every part of the store is used. */
export const situations: Readonly<Record<string, Situation>> = {
  'a hand-over': { visited: [], left: 'nothing', current: 's1' },
  'a hand-over beside a stale lock folder': { visited: [], left: 'stale lock', current: 's1' },
  'a refresh beside a copy that came back': { visited: ['s1'], left: 'copy', current: 's1' },
  'coming home': { visited: ['s1'], left: 'nothing', current: 's0' },
};

/** What a series saw. */
export interface StepReport {
  readonly calls: number;
  readonly exchanges: number;
  /** The most calls of the system that name a path in one call of the subject. */
  readonly moments: number;
  /** One sentence for each broken promise. */
  readonly faults: readonly string[];
}

/**
 * Runs a series in a process of its own.
 *
 * @param preload - the compiled `step`
 * @param order - which calls
 */
export async function runSteps(preload: string, order: StepOrder): Promise<StepReport> {
  const child = join(dirname(order.module), 'step-child.mjs');
  if (!fs.existsSync(child)) {
    const source = join(import.meta.dirname, 'step-child.ts');
    const kind = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' } as const;
    await build({ ...kind, entryPoints: [source], outfile: child });
  }
  const env = { PATH: process.env['PATH'], LD_PRELOAD: preload };
  const args = [child, JSON.stringify(order)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}
