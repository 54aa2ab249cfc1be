/** Races: many rounds, each with many processes that call for one run. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import type { Crew } from './crew.ts';
import { chosenSeed, makeRandom } from './random.ts';
import { Round, type Seat } from './round.ts';

/** How a race is run. */
export interface RaceOptions {
  readonly processes: number;
  readonly rounds: number;
  /** Calls that each process makes in a round. */
  readonly calls: number;
  /** Default: `FORGE_RESUME_SEED`, or the time. */
  readonly seed?: number;
  /** Longest time for which a process is stopped, milliseconds. */
  readonly longestStopMs: number;
  /** Processes of an older runtime that take part. */
  readonly legacy?: number;
  readonly withoutAddon?: boolean;
  /** Whether processes are killed; default true. */
  readonly kills?: boolean;
}

/** What happened; `faults` must be empty. */
export interface RaceReport {
  readonly reasons: Record<string, number>;
  stops: number;
  kills: number;
  holdings: number;
  readonly faults: string[];
}

/**
 * Runs a race and prints its counts.
 *
 * @param crew - starts the processes
 * @param options - how many of everything
 */
export async function race(crew: Crew, options: RaceOptions): Promise<RaceReport> {
  const { seed = chosenSeed() } = options;
  const report = await runRounds(crew, options, seed);
  console.log(`race (FORGE_RESUME_SEED=${seed}): ${JSON.stringify(options)} ${JSON.stringify(report)}`);
  return report;
}

async function runRounds(crew: Crew, options: RaceOptions, seed: number): Promise<RaceReport> {
  const random = makeRandom(seed);
  const report: RaceReport = { reasons: {}, stops: 0, kills: 0, holdings: 0, faults: [] };
  const seats: Seat[] = Array.from({ length: options.processes }, () => ({ busy: false }));
  for (let round = 0; round < options.rounds; round += 1) {
    const project = fs.mkdtempSync(join(os.tmpdir(), 'forge-race-'));
    try {
      await new Round(crew, options, random, seats, project, report).run();
    } finally {
      fs.rmSync(project, { recursive: true, force: true });
    }
    if (report.faults.length > 0) {
      report.faults.unshift(`round ${round} of seed ${seed}`);
      break;
    }
  }
  return report;
}
