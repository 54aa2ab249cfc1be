/** What `doctor --fix` mends by itself, laid out with plain file calls, so that a switched process can lay it as well. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { IllnessId } from '../../../src/cli/see/doctor/illnesses.ts';
import { processIdentity } from '../../../src/store/file/files/process-identity.ts';
import { liveRun } from '../runs.ts';

/** A state directory that is ill. */
export interface FixScenario {
  readonly name: string;
  /** All that is found, in the order of severity. */
  readonly ids: readonly IllnessId[];
  /** Lays it out in an empty state directory. */
  readonly lay: (stateDir: string) => void;
  /** Files below the state directory, or links, whose bytes must be there or in quarantine at every moment. */
  readonly precious: readonly string[];
}

/** No system counts so far. */
export const noPid = 2 ** 30;
const lock = '.lock.forge-session-resume';
const token = join(lock, 'owner');
const run = (id: string): string => `sessions/${id}/forge-state.json`;
const own = (...names: readonly string[]): string => join('.forge-resume', ...names);

function age(path: string): void {
  fs.lutimesSync(path, 1, 1);
}

/** Makes what leads to a path, then what stands there, which nobody has touched for long. */
function put(stateDir: string, name: string, make: (path: string) => void): void {
  const path = join(stateDir, name);
  fs.mkdirSync(dirname(path), { recursive: true });
  make(path);
  age(path);
}

const write = (content: string | object) => (path: string) =>
  fs.writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, null, 2));

const one = (id: IllnessId, name: string, at: string, make: (path: string) => void, isKept = true): FixScenario => ({
  name: `${id} ${name}`,
  ids: [id],
  lay: (stateDir) => put(stateDir, at, make),
  precious: isKept ? [at] : [],
});

const source = JSON.stringify(liveRun({ owner_rcs_session_id: 'old' }), null, 2);
const target = JSON.stringify(liveRun({ owner_rcs_session_id: 'now', owner_codex_session_id: 's1' }), null, 2);
const note = own('journal', 'old.now.json');

/** A hand-over that was stopped: its note, its source, and its target where that was written. */
function stopped(stateDir: string, isWritten: boolean): void {
  const journal = {
    version: 2,
    transferId: 'mwy8m8fg-q4ch4nhu',
    source: 'old',
    target: 'now',
    at: '2026-01-02T03:04:05.000Z',
    startedAt: String(liveRun()['started_at'] ?? ''),
    sourceBefore: createHash('sha256').update(source).digest('hex'),
    targetBefore: null,
    targetAfter: { utf8: target },
    companions: [],
  };
  put(stateDir, run('old'), write(source));
  fs.mkdirSync(join(stateDir, 'sessions/now'));
  if (isWritten) put(stateDir, run('now'), write(target));
  put(stateDir, note, write(journal));
}

/** A lock's folder, with its token where it has one. */
function putLock(stateDir: string, token?: string): void {
  const folder = join(stateDir, lock);
  fs.mkdirSync(folder);
  if (token !== undefined) fs.writeFileSync(join(folder, 'owner'), token);
  age(folder);
}

const deadToken = (): string => {
  const { bootId, pidNamespace } = processIdentity();
  return `${noPid}.1.a kernel ${bootId} ${pidNamespace} 1`;
};

const over = liveRun({ owner_rcs_session_id: 'a', current_phase: 'complete' });
const elsewhere = liveRun({ owner_rcs_session_id: 'b' });

/** One for each kind of fix, and several at once. */
export const fixScenarios: readonly FixScenario[] = [
  {
    name: 'FR002 stopped between its writes',
    ids: ['FR002'],
    lay: (stateDir) => stopped(stateDir, true),
    precious: [note, run('old'), run('now')],
  },
  {
    name: 'FR002 stopped before its first write',
    ids: ['FR002'],
    lay: (stateDir) => stopped(stateDir, false),
    precious: [note, run('old')],
  },
  one('FR003', 'half a run', run('a'), write('{"active":')),
  one('FR004', 'a link', run('a'), (path) => fs.symlinkSync('/nowhere', path)),
  one('FR004', 'a FIFO', run('a'), (path) => execFileSync('mkfifo', [path]), false),
  one('FR005', 'a file in the place of the journals', own('journal'), write('a note')),
  one('FR005', 'a link in the place of the trails', own('trails'), (path) => fs.symlinkSync('/nowhere', path)),
  one('FR005', "a link in the place of a session's folder", 'sessions/a', (path) => fs.symlinkSync('/nowhere', path)),
  one('FR006', 'over and active', run('a'), write(over)),
  one('FR007', 'owned elsewhere', run('a'), write(elsewhere)),
  one('FR009', 'half of a write', 'sessions/a/.run-state.json.forge-resume', write('half')),
  one('FR010', 'a dead record', 'session.json', write({ session_id: 'a', pid: noPid })),
  one('FR011', 'a pid of another process', 'session.json', write({ session_id: 'a', pid: 1, pid_start_ticks: 1e15 })),
  { name: 'FR012 a dead holder', ids: ['FR012'], lay: (stateDir) => putLock(stateDir, deadToken()), precious: [token] },
  {
    name: 'FR012 an older runtime',
    ids: ['FR012'],
    lay: (stateDir) => putLock(stateDir, '4711.1.a'),
    precious: [token],
  },
  one('FR019', 'a broken note', note, write('{"version":2')),
  one('FR028', 'half a record', 'session.json', write('{')),
  {
    name: 'several at once',
    ids: ['FR003', 'FR006', 'FR010', 'FR012'],
    lay: (stateDir) => {
      put(stateDir, run('torn'), write('{'));
      put(stateDir, run('a'), write(over));
      put(stateDir, 'session.json', write({ session_id: 'a', pid: noPid }));
      putLock(stateDir, deadToken());
    },
    precious: [run('torn'), run('a'), 'session.json', token],
  },
];
