import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from '../../machines/contract.ts';
import { type Journal, journalName, journalVersion, storeBytes } from '../../src/rules/journal.ts';
import { keeps, leftBehind } from '../../src/rules/trail.ts';
import type { Job } from './child/job.ts';
import { liveRun } from './runs.ts';

/** A call without the folder that it is made on. */
export type CallSpec = Omit<Job, 'stateDir'>;

/** Where a first transfer is killed before the examined call. */
export type Crash = 'locked' | 'prepared' | 'targetWritten' | 'sourceWritten' | 'never';

/** A start state, the call whose crash is examined, and what must come out in the end. */
export interface Scenario {
  readonly name: string;
  /** What the runtime left. */
  readonly lay: (stateDir: string) => void;
  /** A transfer that came first, and how far; absent: none did. `never`: it ended normally. */
  readonly crash?: Crash;
  /** What other programs did after that. */
  readonly edit?: (stateDir: string) => void;
  readonly call: CallSpec;
  /** Sessions in which the identity is live once an ordinary call has followed. */
  readonly live: readonly string[];
  /** How the transfer that came first differs from the examined call. */
  readonly first?: Partial<CallSpec>;
  /** A single failing call is repaired within the same call, not by the next one. */
  readonly settlesAtOnce?: true;
  /** Name of the scenario whose outcome this one has where the target's folder cannot be synced. */
  readonly unsynced?: string;
}

/** The Codex session and thread that every scenario is about. */
export const identity = { session: 's1', thread: 't1' };

/** The examined call: session `now`, a known pane, no hook. */
const plainCall: CallSpec = {
  payloadSessionId: identity.session,
  payloadThreadId: identity.thread,
  env: { RCS_SESSION_ID: 'now', TMUX_PANE: '%7' },
  hookThrows: false,
};

const runFile = (stateDir: string, id: string): string => path.join(stateDir, 'sessions', id, 'forge-state.json');
const old = new Date(Date.now() - 60_000);

/** Writes a run as another program would, in place. */
export function putRun(stateDir: string, id: string, content: string | object): void {
  const file = runFile(stateDir, id);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  fs.utimesSync(file, old, old);
}

/** Changes fields of a run as another program would; a null takes the field away. */
export function editRun(stateDir: string, id: string, fields: Readonly<Record<string, unknown>>): void {
  const run = JSON.parse(fs.readFileSync(runFile(stateDir, id), 'utf8')) as Record<string, unknown>;
  putRun(stateDir, id, { ...run, ...fields });
}

const removeRun = (stateDir: string, id: string): void => fs.rmSync(runFile(stateDir, id));

/** The prior run: `__proto__` and foreign fields are there to be kept. */
const priorText = JSON.stringify(
  liveRun({
    iteration: 7,
    tmux_pane_id: '%3',
    stop_reason: 'paused',
    plan: { steps: [1, 2, { done: 'é' }], note: 'x'.repeat(600) },
    owner_rcs_session_id: 'prior',
  }),
).replace('{', '{"__proto__":{"kept":true},');

const otherRun = liveRun({ owner_codex_session_id: 'someone-else', owner_rcs_session_id: 'other' });

/** One live prior run, and sessions beside it that no call may touch. */
function layTransfer(stateDir: string): void {
  fs.mkdirSync(path.join(stateDir, 'sessions', 'now'), { recursive: true });
  fs.mkdirSync(path.join(stateDir, 'sessions', 'empty'));
  putRun(stateDir, 'prior', priorText);
  putRun(stateDir, 'other', otherRun);
  putRun(stateDir, 'done', liveRun({ active: false, current_phase: 'complete' }));
  putRun(stateDir, 'broken', '{"active": tr');
}

/** As {@link layTransfer}, but the current session has no folder yet and the run knows only its thread. */
function layFirstTurn(stateDir: string): void {
  layTransfer(stateDir);
  fs.rmSync(path.join(stateDir, 'sessions', 'now'), { recursive: true });
  const { owner_codex_session_id: _none, ...run } = liveRun({ owner_codex_thread_id: identity.thread });
  putRun(stateDir, 'prior', run);
  fs.writeFileSync(path.join(stateDir, 'session.json'), JSON.stringify({ session_id: 'now' }));
}

/** The current session's own run, whose owner is out of date. */
function layRefresh(stateDir: string): void {
  layTransfer(stateDir);
  removeRun(stateDir, 'prior');
  putRun(stateDir, 'now', liveRun({ owner_rcs_session_id: 'stale', owner_codex_thread_id: 'gone' }));
}

/** Temporary files of a dead call, and its abandoned lock folder. */
function layLitter(stateDir: string): void {
  layTransfer(stateDir);
  const own = path.join(stateDir, '.forge-resume');
  for (const folder of ['journal', 'trails']) fs.mkdirSync(path.join(own, folder), { recursive: true });
  const temps = ['journal/.prior.now.json', 'trails/.now.json'].map((name) => path.join(own, name));
  for (const temp of [...temps, path.join(stateDir, 'sessions', 'now', '.forge-state.json')]) {
    fs.writeFileSync(`${temp}.forge-resume`, '{"active": t');
  }
  fs.mkdirSync(path.join(stateDir, '.lock.forge-session-resume'));
  // The sticky bit marks an owner-less folder as ours; mkdir's mode argument loses it to the umask on some systems.
  fs.chmodSync(path.join(stateDir, '.lock.forge-session-resume'), 0o1700);
}

/** A legacy lock folder that nobody has touched for longer than ten seconds. */
function layStaleLock(stateDir: string): void {
  layTransfer(stateDir);
  const lock = path.join(stateDir, '.lock.forge-session-resume');
  fs.mkdirSync(lock);
  fs.writeFileSync(path.join(lock, 'owner'), `${process.pid}.${old.getTime()}.abcdef`);
  fs.utimesSync(lock, old, old);
}

/** As {@link layTransfer}, with files that go with the run; the current session has one of its own. */
function layCompanions(stateDir: string): void {
  layTransfer(stateDir);
  for (const [id, name] of [
    ['prior', 'skill-active-state'],
    ['prior', 'run-state'],
    ['now', 'run-state'],
  ]) {
    fs.writeFileSync(path.join(stateDir, 'sessions', String(id), `${name}.json`), `{"of":"${id}"}`);
  }
}

const base = { lay: layTransfer, call: plainCall, live: ['now'] } as const;
const firstTurnCall: CallSpec = { ...plainCall, payloadSessionId: '', env: { TMUX_PANE: '%7' } };

/** A hand-over, a refresh, a rollback and what litter becomes. */
export const ordinaryScenarios: readonly Scenario[] = [
  { ...base, name: 'transfer', settlesAtOnce: true },
  { ...base, name: 'transfer into a new folder', lay: layFirstTurn, call: firstTurnCall, settlesAtOnce: true },
  { ...base, name: 'refresh', lay: layRefresh, settlesAtOnce: true },
  { ...base, name: 'rollback', call: { ...plainCall, hookThrows: true } },
  { ...base, name: 'litter', lay: layLitter, settlesAtOnce: true },
  { ...base, name: 'stale lock', lay: layStaleLock, settlesAtOnce: true },
  { ...base, name: 'abandoned lock', crash: 'locked' },
  { ...base, name: 'companions', lay: layCompanions, call: { ...plainCall, companions: 'carry' }, settlesAtOnce: true },
  {
    ...base,
    name: 'companions, rollback',
    lay: layCompanions,
    call: { ...plainCall, companions: 'carry', hookThrows: true },
  },
];

/** A person's call does not say whose turn it is; the run keeps its conversation. */
const personsCall: CallSpec = { ...plainCall, payloadSessionId: '', payloadThreadId: '' };
const adopt: Command = { kind: 'adopt', source: 'prior' };

/** What a person asks for; the call that follows asks for the same, and finds that it is done. */
export const commandScenarios: readonly Scenario[] = [
  { ...base, name: 'adopt', call: { ...personsCall, command: adopt }, settlesAtOnce: true },
  { ...base, name: 'adopt, rollback', call: { ...personsCall, command: adopt, hookThrows: true } },
  {
    ...base,
    name: 'undo',
    crash: 'never',
    first: { ...plainCall, command: undefined },
    call: { ...personsCall, command: { kind: 'undo', session: 'now' } },
    live: ['prior'],
  },
  { ...base, name: 'end', call: { ...personsCall, command: { kind: 'end', session: 'prior' } }, live: [] },
];

/** What a policy ends. */
export const policyScenarios: readonly Scenario[] = [
  { ...base, name: 'stale', call: { ...plainCall, staleAfter: 1_000 }, live: [] },
];

const movedOn = { iteration: 9, plan: 'later' };
const restarted = { started_at: '2026-05-05T05:05:05.000Z', iteration: 1 };
const revived = {
  active: true,
  current_phase: 'working',
  iteration: 8,
  completed_at: undefined,
  stop_reason: undefined,
};
const ended = { active: false, current_phase: 'complete' };
const another = liveRun({ ...restarted, owner_rcs_session_id: 'now' });
const torn = '{"active": true, "iter';

const from = (id: string): CallSpec => ({ ...plainCall, env: { RCS_SESSION_ID: id, TMUX_PANE: '%7' } });
const home: CallSpec = { ...from('prior'), comeHome: true };
const firstFrom = (id: string): Partial<CallSpec> => ({ env: from(id).env, comeHome: false });

type Row = readonly [
  name: string,
  crash: Crash,
  live: readonly string[],
  edit?: Scenario['edit'],
  more?: Partial<Pick<Scenario, 'call' | 'first' | 'unsynced'>>,
];

const byPrior = { call: from('prior'), first: firstFrom('now') };

const settled: readonly Row[] = [
  ['target absent, source as before', 'prepared', ['now']],
  ['target absent, source moved on', 'prepared', ['now'], (dir) => editRun(dir, 'prior', movedOn)],
  [
    'target gone, source ended by us',
    'sourceWritten',
    [],
    (dir) => removeRun(dir, 'now'),
    { unsynced: 'recovery: target ours, source ended by us' },
  ],
  ['target absent, source ended', 'prepared', [], (dir) => editRun(dir, 'prior', ended)],
  ['target absent, source restarted', 'prepared', ['now'], (dir) => editRun(dir, 'prior', restarted)],
  ['target absent, source absent', 'prepared', [], (dir) => removeRun(dir, 'prior')],
  ['target ours, source as before', 'targetWritten', ['now']],
  ['target ours, source moved on', 'targetWritten', ['now'], (dir) => editRun(dir, 'prior', movedOn)],
  ['target ours, source ended by us', 'sourceWritten', ['now']],
  ['target ours, source ended', 'targetWritten', ['now'], (dir) => editRun(dir, 'prior', ended)],
  ['target ours, source restarted', 'targetWritten', ['now', 'prior'], (dir) => editRun(dir, 'prior', restarted)],
  ['target ours, source absent', 'targetWritten', ['now'], (dir) => removeRun(dir, 'prior')],
  ['target moved on, source as before', 'targetWritten', ['now'], (dir) => editRun(dir, 'now', movedOn)],
  [
    'target and source moved on',
    'targetWritten',
    ['now'],
    (dir) => {
      editRun(dir, 'now', { iteration: 8, only_target: 1 });
      editRun(dir, 'prior', { iteration: 11, only_source: 1 });
    },
  ],
  ['target ended, source as before', 'targetWritten', [], (dir) => editRun(dir, 'now', ended)],
  [
    'target ended, source moved on',
    'targetWritten',
    ['prior'],
    (dir) => {
      editRun(dir, 'now', ended);
      editRun(dir, 'prior', movedOn);
    },
  ],
  ['target another run, source as before', 'prepared', ['now', 'prior'], (dir) => putRun(dir, 'now', another)],
  ['target another run, source ended by us', 'sourceWritten', ['now'], (dir) => putRun(dir, 'now', another)],
  [
    'target another run, source absent',
    'prepared',
    ['now'],
    (dir) => {
      putRun(dir, 'now', another);
      removeRun(dir, 'prior');
    },
  ],
  ['target unreadable for long, source as before', 'prepared', ['prior'], (dir) => putRun(dir, 'now', torn)],
  ['target unreadable for long, source ended by us', 'sourceWritten', [], (dir) => putRun(dir, 'now', torn)],
  ['target absent, source unreadable for long', 'prepared', [], (dir) => putRun(dir, 'prior', torn)],
  ['target ours, source unreadable for long', 'targetWritten', ['now'], (dir) => putRun(dir, 'prior', torn)],
  ['two transfers at once', 'targetWritten', ['now'], layAnotherTransfer],
  ['the caller is the source', 'targetWritten', ['prior'], undefined, byPrior],
  [
    'the caller is the source, the target moved on',
    'targetWritten',
    ['now'],
    (dir) => editRun(dir, 'now', movedOn),
    byPrior,
  ],
  [
    'the caller is the source, both moved on',
    'targetWritten',
    ['prior'],
    (dir) => {
      editRun(dir, 'now', { iteration: 11, only_target: 1 });
      // With the caller's pane, so that what goes back is what it ends with.
      editRun(dir, 'prior', { iteration: 8, only_source: 1, tmux_pane_id: '%7' });
    },
    byPrior,
  ],
  ['source back to life after a transfer', 'never', ['now'], (dir) => editRun(dir, 'prior', revived)],
  [
    'source back to life, met by a third session',
    'never',
    ['third'],
    (dir) => {
      fs.mkdirSync(path.join(dir, 'sessions', 'third'));
      editRun(dir, 'prior', revived);
    },
    { call: from('third'), first: firstFrom('now') },
  ],
  ['source back to life, met by its own session', 'never', ['now'], (dir) => editRun(dir, 'prior', revived), byPrior],
  [
    'undone target back to life',
    'never',
    ['prior'],
    layUndoneTarget,
    { call: from('prior'), first: firstFrom('other') },
  ],
  ['home again', 'never', ['prior'], undefined, { call: home, first: firstFrom('now') }],
  [
    'home again, the ended run back to life',
    'never',
    ['prior'],
    (dir) => editRun(dir, 'prior', revived),
    { call: home, first: firstFrom('now') },
  ],
  [
    'home again, rollback',
    'never',
    ['prior'],
    undefined,
    { call: { ...home, hookThrows: true }, first: firstFrom('now') },
  ],
];

/** An unfinished transfer of another conversation. */
function layAnotherTransfer(stateDir: string): void {
  const run = liveRun({ owner_codex_session_id: 'someone-else', owner_rcs_session_id: 'x' });
  putRun(stateDir, 'x', run);
  putRun(stateDir, 'y', { ...run, owner_rcs_session_id: 'y' });
  const text = JSON.stringify(run);
  const journal: Journal = {
    version: journalVersion,
    transferId: 'another',
    source: 'x',
    target: 'y',
    at: '2026-01-02T03:04:05.000Z',
    startedAt: String(run['started_at']),
    sourceBefore: createHash('sha256').update(text).digest('hex'),
    targetBefore: null,
    targetAfter: storeBytes(Buffer.from(JSON.stringify({ ...run, owner_rcs_session_id: 'y' }))),
    companions: [],
  };
  fs.writeFileSync(path.join(stateDir, '.forge-resume', 'journal', journalName('x', 'y')), JSON.stringify(journal));
}

/** The target of a transfer that was undone, with what the undoing noted; a late writer has brought it back. */
function layUndoneTarget(stateDir: string): void {
  const run = JSON.parse(priorText) as Record<string, unknown>;
  putRun(stateDir, 'now', { ...run, ...revived, owner_rcs_session_id: 'now' });
  const entry = {
    session: 'now',
    transferId: 'undone',
    at: '2026-01-02T03:04:05.000Z',
    companions: {},
    seen: 'absent',
  };
  const trails = path.join(stateDir, '.forge-resume', 'trails');
  fs.mkdirSync(trails, { recursive: true });
  fs.writeFileSync(path.join(trails, 'now.json'), JSON.stringify(leftBehind('prior', undefined)));
  const trail = keeps(undefined, 'prior', String(run['started_at']), entry);
  fs.writeFileSync(path.join(trails, 'prior.json'), JSON.stringify(trail));
}

const scenario = ([name, crash, live, edit, more]: Row): Scenario => ({
  ...base,
  ...more,
  name: `recovery: ${name}`,
  crash,
  live,
  ...(edit === undefined ? {} : { edit }),
});

/** One for every row of the recovery table (protocol.md, "Recover"), copies that come back to life, and home-comings. */
export const recoveryScenarios: readonly Scenario[] = [
  ...settled.map(scenario),
  {
    ...base,
    name: 'recovery: target ours in a new folder, source as before',
    lay: layFirstTurn,
    call: firstTurnCall,
    crash: 'targetWritten',
  },
];

/** All of them. */
export const allScenarios: readonly Scenario[] = [
  ...ordinaryScenarios,
  ...commandScenarios,
  ...policyScenarios,
  ...recoveryScenarios,
];
