/** Calls of this version beside a runtime's turn counter that writes in place, without any lock. */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { isLive } from '../../../src/rules/forge-state.ts';
import { liveRun } from '../runs.ts';
import { Sandbox } from '../sandbox.ts';
import type { CounterReport } from './counter.ts';
import type { Crew } from './crew.ts';

/** How the two meet. */
export interface BesideOptions {
  readonly millis: number;
  readonly work: 'refresh' | 'transfer';
  readonly counterPauseMs: number;
}

/** What came of it; `faults` must be empty. */
export interface BesideReport {
  /** Calls that replaced the run's file. */
  readonly written: number;
  readonly faults: readonly string[];
}

/**
 * Runs calls one after another beside the counter, then one last call, and compares what the counter saw confirmed with
 * what is left. A `SOURCE_BUSY` is an honest answer to a counter that never rests.
 *
 * @param crew - starts the counter
 * @param options - how
 */
export async function runBesideCounter(crew: Crew, options: BesideOptions): Promise<BesideReport> {
  // In memory where the host has that: the less our calls wait for a disk, the more of them meet the counter.
  const base = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
  const sandbox = new Sandbox(fs.mkdtempSync(join(base, 'forge-counter-')));
  try {
    return await meet(crew, sandbox, options);
  } finally {
    fs.rmSync(sandbox.project, { recursive: true, force: true });
  }
}

async function meet(crew: Crew, sandbox: Sandbox, options: BesideOptions): Promise<BesideReport> {
  sandbox.putRun('s0', liveRun({ iteration: 0, owner_rcs_session_id: 's0' }));
  // A late writer may leave a second live copy, which the last call ends.
  const counter = await crew.start('counter', sandbox.stateDir, String(options.counterPauseMs)).ready();
  const until = performance.now() + options.millis;
  const counts: Record<string, number> = {};
  const faults: string[] = [];
  let written = 0;
  for (let call = 1; performance.now() < until; call += 1) {
    const current = options.work === 'refresh' ? 's0' : `s${call}`;
    sandbox.putSessions(current);
    try {
      const result = await sandbox.call({ current, session: 's1', pane: `%${call}` });
      counts[result.reason] = (counts[result.reason] ?? 0) + 1;
      if (result.resumed || result.updatedCurrentOwner) written += 1;
    } catch (error) {
      const code = (error as { code?: string }).code ?? String(error);
      counts[code] = (counts[code] ?? 0) + 1;
      if (code !== 'SOURCE_BUSY') faults.push(String(error));
    }
  }
  counter.go();
  const report = await counter.answer<CounterReport>();
  if (report === 'died') return { written, faults: ['the counter died'] };
  sandbox.putSessions('last');
  const last = await sandbox.call({ current: 'last', session: 's1' });
  const live = runsOf(sandbox).filter(isLive);
  const final = Number(live[0]?.['iteration']);
  if (live.length !== 1) faults.push(`${live.length} owners after the last call, which said ${last.reason}`);
  if (!(final >= report.confirmed)) faults.push(`${report.confirmed} was confirmed, ${final} is left`);
  if (report.torn > 0) faults.push(`the counter read ${report.torn} torn files`);
  faults.push(...sandbox.violations());
  console.log(`beside a counter: ${JSON.stringify({ ...options, written, counts, ...report, final })}`);
  return { written, faults };
}

function runsOf(sandbox: Sandbox): readonly Record<string, unknown>[] {
  const ids = fs.readdirSync(sandbox.path('sessions'));
  return ids.filter((id) => sandbox.raw(id) !== undefined).map((id) => sandbox.run(id));
}
