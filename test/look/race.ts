/** Looks that race with writers (protocol.md, "Look", last point). */
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { violations } from '../support/invariants.ts';
import { readCalls } from '../support/race/call-log.ts';
import type { Crew } from '../support/race/crew.ts';
import type { RaceProcess } from '../support/race/process.ts';
import { makeRandom, type Random } from '../support/race/random.ts';
import { liveRun } from '../support/runs.ts';
import { misfits } from './fits-an-order.ts';

/** How a race of looks is run. */
export interface LookRaceOptions {
  /** Hand-overs by each of the two older runtimes: how long the race goes on. */
  readonly rounds: number;
  readonly seed: number;
  /** Whether callers are killed; default true. */
  readonly kills?: boolean;
  /** Finished sessions that each scan reads as well. */
  readonly rest?: number;
}

/** What came of it. */
export interface LookRaceReport {
  readonly answers: Record<string, number>;
  kills: number;
  readonly faults: string[];
}

/**
 * Lets eight processes write at once: four call for one run from old and new sessions, and are killed, two hand it over
 * as older runtimes do, two count its turns in place. A ninth calls for a conversation that has no run. Then judges every
 * answer.
 *
 * @param crew - starts the processes
 * @param options - how
 */
export async function raceLooks(crew: Crew, options: LookRaceOptions): Promise<LookRaceReport> {
  const project = fs.mkdtempSync(join(os.tmpdir(), 'forge-look-race-'));
  try {
    const report = await run(crew, project, options);
    console.log(`race of looks (FORGE_RESUME_SEED=${options.seed}): ${JSON.stringify({ ...options, ...report })}`);
    return report;
  } finally {
    await crew.dismiss();
    fs.rmSync(project, { recursive: true, force: true });
  }
}

async function run(crew: Crew, project: string, options: LookRaceOptions): Promise<LookRaceReport> {
  const { rounds, seed, rest = 300 } = options;
  const random = makeRandom(seed);
  const stateDir = join(project, '.rcs', 'state');
  const log = join(project, 'calls.log');
  putRun(stateDir, 'first', liveRun({ owner_rcs_session_id: 'first', iteration: 100_000, note: 'kept' }));
  for (let index = 0; index < rest; index += 1) putRun(stateDir, `rest${index}`, liveRun({ active: false }));
  fs.writeFileSync(log, '');

  let started = 0;
  const startCaller = (session: string): RaceProcess => {
    started += 1;
    return crew.start('caller', stateDir, log, `p${started}`, session, String(seed + started));
  };
  const callers = Array.from({ length: 4 }, () => startCaller('s1'));
  const stranger = startCaller('s2');
  const counters = Array.from({ length: 2 }, () => crew.start('inPlace', stateDir));
  await Promise.all([...callers, stranger, ...counters].map((one) => one.ready()));
  const legacies = ['old0', 'old1'].map((prefix) =>
    crew.start('legacy', stateDir, join(project, 'holders.log'), prefix, String(rounds), '0'),
  );
  const racing = { now: true };
  const killing = options.kills === false ? 0 : killSome(callers, random, racing, () => startCaller('s1'));
  await Promise.all(legacies.map((one) => one.ended));
  racing.now = false;
  const kills = await killing;
  for (const one of [...callers, stranger, ...counters]) one.go();
  await Promise.all([...callers, stranger, ...counters].map((one) => one.ended));

  const calls = readCalls(log);
  const answers: Record<string, number> = {};
  for (const { answer = 'killed', session } of calls) {
    const word = `${session} ${answer}`;
    answers[word] = (answers[word] ?? 0) + 1;
  }
  const faults = [...misfits(calls, { session: 's1', first: 'first' }, (session) => session.startsWith('old'))];
  faults.push(...(await lastCall(stateDir)));
  return { answers, kills, faults };
}

/** Kills a caller now and then; another takes its place. */
async function killSome(
  callers: RaceProcess[],
  random: Random,
  racing: { now: boolean },
  start: () => RaceProcess,
): Promise<number> {
  let kills = 0;
  while (racing.now) {
    await pause(random.between(50, 250));
    const seat = random.between(0, callers.length - 1);
    await callers[seat]?.kill();
    kills += 1;
    callers[seat] = await start().ready();
  }
  return kills;
}

/** Once all is quiet a new session gets the one live run, with nothing lost. */
async function lastCall(stateDir: string): Promise<readonly string[]> {
  fs.mkdirSync(join(stateDir, 'sessions', 'last'));
  const { reason } = await reconcileForgeSessionResume({
    stateDir,
    payloadSessionId: 's1',
    env: { RCS_SESSION_ID: 'last' },
  });
  const faults = [...violations(stateDir)];
  if (reason !== 'resumed_same_codex_session') return [...faults, `the last call said ${reason}`];
  const run = JSON.parse(fs.readFileSync(join(stateDir, 'sessions', 'last', 'forge-state.json'), 'utf8'));
  if (run.note !== 'kept' || !(run.iteration > 100_000)) faults.push(`left with ${JSON.stringify(run)}`);
  return faults;
}

function putRun(stateDir: string, id: string, content: object): void {
  fs.mkdirSync(join(stateDir, 'sessions', id), { recursive: true });
  fs.writeFileSync(join(stateDir, 'sessions', id, 'forge-state.json'), JSON.stringify(content, null, 2));
}
