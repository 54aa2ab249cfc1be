/** Random state directories: everything that rules 2 to 6 read, usual and odd. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { Policies } from '../../src/rules/policies.ts';
import { startTicksOf } from '../support/processes.ts';
import type { Random } from '../support/race/random.ts';

/** Sessions that may stand in a directory; `now` is the one that calls most of the time. */
export const sessionIds = ['now', 'a', 'b', 'c', 'd'] as const;

/** One of some values. */
export const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[random.between(0, values.length - 1)] as Value;

const codexSessions = ['s1', 's1', 's1', ' s1 ', 's2', '', 17, null, undefined];
const threads = ['t1', 't1', 't2', ' ', '', 17, null, undefined];

/**
 * A run's file.
 *
 * @param random - chooses
 * @param owner - `owner_rcs_session_id`
 * @returns bytes: mostly a run, sometimes half of one or something else
 */
export function randomRun(random: Random, owner: string): string {
  if (random.chance(0.08)) return pick(random, ['', '{"active":tr', 'null', '[1]', '0', '"text"', '{}', '\ufeff{}']);
  const run = {
    active: pick(random, [true, true, true, true, true, false, false, 'true', 1]),
    current_phase: pick(random, [
      'building',
      'building',
      'starting',
      ' Complete ',
      'failed',
      'Cancelled',
      7,
      undefined,
    ]),
    iteration: random.between(0, 50),
    started_at: pick(random, ['2026-01-02T03:04:05.000Z', '2026-01-03T03:04:05.000Z', undefined]),
    owner_rcs_session_id: pick(random, [owner, owner, owner, 'a', ' ', undefined]),
    owner_codex_session_id: pick(random, codexSessions),
    owner_codex_thread_id: pick(random, threads),
    tmux_pane_id: pick(random, ['%1', '%2', undefined]),
    stop_reason: pick(random, [undefined, undefined, 'ownership_transferred', 'done']),
    task: pick(random, [undefined, 's1', 'words, words', { __proto__: 1 }]),
  };
  const text = JSON.stringify(run, null, pick(random, [0, 2]));
  return random.chance(0.1) ? text.replace('"s1"', '"s\\u0031"') : text;
}

/**
 * Puts a file in place as a runtime does; most have rested for a while.
 *
 * @param random - chooses
 * @param file - its path
 * @param text - its content
 */
export function putFile(random: Random, file: string, text: string): void {
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  const age = pick(random, [3_600, 3_600, 60, 0]);
  if (age > 0) fs.utimesSync(file, Date.now() / 1_000 - age, Date.now() / 1_000 - age);
}

/**
 * Fills a state directory with sessions and, sometimes, a record of the current one.
 *
 * @param random - chooses
 * @param stateDir - an empty folder
 */
export function fillDirectory(random: Random, stateDir: string): void {
  for (const id of sessionIds) {
    if (!random.chance(id === 'now' ? 0.95 : 0.6)) continue;
    const folder = join(stateDir, 'sessions', id);
    fs.mkdirSync(folder, { recursive: true });
    if (random.chance(id === 'now' ? 0.5 : 0.85)) {
      putFile(random, join(folder, 'forge-state.json'), randomRun(random, id));
    }
  }
  if (random.chance(0.5)) putFile(random, join(stateDir, 'session.json'), randomRecord(random, stateDir));
}

function randomRecord(random: Random, stateDir: string): string {
  if (random.chance(0.1)) return pick(random, ['', '{', 'null', '[]']);
  const dead = { pid: 4_194_305, pid_start_ticks: 1, pid_cmdline: 'gone' };
  const alive = { pid: process.pid, pid_start_ticks: startTicksOf(process.pid) };
  const cmdline = fs.readFileSync(`/proc/${process.pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  return JSON.stringify({
    session_id: pick(random, ['now', 'now', 'a', ' now', 'gone', 7, '../x', null]),
    cwd: pick(random, [undefined, '', dirname(dirname(stateDir)), '/elsewhere', 3]),
    ...pick(random, [{}, {}, dead, alive, { ...alive, pid_cmdline: cmdline }, { pid: 'x', pid_cmdline: '' }]),
  });
}

/**
 * Puts something odd where a file or folder of the protocol is expected.
 *
 * @param random - chooses
 * @param stateDir - the state directory
 */
export function putOddThing(random: Random, stateDir: string): void {
  const run = join(stateDir, 'sessions', pick(random, sessionIds), 'forge-state.json');
  const deeds: readonly (() => void)[] = [
    () => replaceBy(run, () => fs.symlinkSync('../a/forge-state.json', run)),
    () => replaceBy(run, () => fs.symlinkSync('nowhere', run)),
    () => replaceBy(run, () => fs.mkdirSync(run)),
    () => replaceBy(dirname(run), () => fs.symlinkSync('a', dirname(run))),
    () => replaceBy(dirname(run), () => fs.writeFileSync(dirname(run), '')),
    () => putFile(random, join(stateDir, 'sessions', 'no id!', 'forge-state.json'), randomRun(random, 'a')),
    () => staleLock(stateDir),
    () => putFile(random, join(stateDir, '.forge-resume', pick(random, ['journal', 'trails', 'tmp']), 'junk'), 'x'),
    () => putFile(random, join(stateDir, '.forge-resume', 'trails', 'now.json'), pick(random, ['', '{}', '[]'])),
    () => replaceBy(join(stateDir, 'session.json'), () => fs.symlinkSync('/etc/hostname', `${stateDir}/session.json`)),
    () => fs.utimesSync(stateDir, 1, 1),
  ];
  pick(random, deeds)();
}

function replaceBy(path: string, put: () => void): void {
  fs.rmSync(path, { recursive: true, force: true });
  fs.mkdirSync(dirname(path), { recursive: true });
  put();
}

/** A lock folder that an older runtime left when it died. */
function staleLock(stateDir: string): void {
  const lock = join(stateDir, '.lock.forge-session-resume');
  fs.mkdirSync(lock, { recursive: true });
  fs.writeFileSync(join(lock, 'owner'), '4194305.1700000000000.abc');
  fs.utimesSync(lock, Date.now() / 1_000 - 60, Date.now() / 1_000 - 60);
}

/**
 * What a call in a directory is told.
 *
 * @param random - chooses
 * @param stateDir - the state directory
 */
export function randomCall(random: Random, stateDir: string): ReconcileOptions {
  return {
    stateDir,
    payloadSessionId: pick(random, ['s1', 's1', 's1', ' s1 ', 's2', '', '', 17, null]),
    payloadThreadId: pick(random, ['t1', 't1', '', '', undefined, ' t2 ', 17]),
    env: {
      RCS_SESSION_ID: random.chance(0.8) ? 'now' : pick(random, [' now ', 'gone', '../x', '', undefined]),
      SESSION_ID: pick(random, [undefined, undefined, 'a', 'gone']),
      TMUX_PANE: pick(random, [undefined, undefined, '%1', ' %1 ', '%2', '']),
    },
  };
}

/**
 * Policies that a call may have; most have none.
 *
 * @param random - chooses
 */
export function randomPolicies(random: Random): Policies {
  return {
    ...(random.chance(0.2) ? { staleAfter: pick(random, [30_000, 600_000]) } : {}),
    ...(random.chance(0.15) ? { requireDeadOwner: true } : {}),
    ...(random.chance(0.1) ? { refuseForeignOwner: true } : {}),
    ...(random.chance(0.2) ? { sessionFrom: 'pointer' as const } : {}),
    ...(random.chance(0.15) ? { allowedSessions: pick(random, [['a'], ['b', 'c'], []]) } : {}),
  };
}
