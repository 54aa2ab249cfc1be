import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

type Fields = Readonly<Record<string, unknown>>;
interface Ids {
  readonly session?: string;
  readonly thread?: string;
  readonly pane?: string;
}
/** Name, the run beside `active: true`, what the call brings, and what must be there afterwards instead. */
type Case = readonly [name: string, before: Fields, ids: Ids, after: Fields];

const ours = { owner_rcs_session_id: 'now' };
const owned = { ...ours, owner_codex_session_id: 's1' };

const changes: readonly Case[] = [
  ['another owner becomes the current id', { owner_rcs_session_id: 'old' }, {}, ours],
  ['a missing owner becomes the current id', {}, {}, ours],
  ['a null owner becomes the current id', { owner_rcs_session_id: null }, {}, ours],
  ['an owner that is no string and differs becomes the current id', { owner_rcs_session_id: 7 }, {}, ours],
  ['a missing session id is filled', ours, { session: 's1' }, owned],
  ['a blank session id is filled', { ...ours, owner_codex_session_id: ' \n' }, { session: 's1' }, owned],
  ['a null session id is filled', { ...ours, owner_codex_session_id: null }, { session: 's1' }, owned],
  ['a session id that reads as empty is filled', { ...ours, owner_codex_session_id: [] }, { session: 's1' }, owned],
  ['payload ids are trimmed', ours, { session: ' s1\n' }, owned],
  ['a missing thread id is filled', ours, { thread: 't1' }, { ...ours, owner_codex_thread_id: 't1' }],
  [
    'another thread id is replaced while there is no session id',
    { ...ours, owner_codex_thread_id: 't0' },
    { thread: ' t1 ' },
    { ...ours, owner_codex_thread_id: 't1' },
  ],
  [
    'a thread id that is no string is replaced while there is no session id',
    { ...ours, owner_codex_session_id: ' ', owner_codex_thread_id: 7 },
    { thread: 't1' },
    { ...ours, owner_codex_session_id: ' ', owner_codex_thread_id: 't1' },
  ],
  ['a thread id goes once the session id is set', { ...owned, owner_codex_thread_id: 't1' }, {}, owned],
  ['an empty thread id goes too', { ...owned, owner_codex_thread_id: '' }, {}, owned],
  [
    'a thread id goes in the call that sets the session id',
    { ...ours, owner_codex_thread_id: 't1' },
    { session: 's1', thread: 't2' },
    owned,
  ],
  ['all at once', { owner_rcs_session_id: 'old', owner_codex_thread_id: 't0' }, { session: 's1', thread: 't1' }, owned],
  ['a terminal phase does not matter', { current_phase: 'complete' }, {}, { ...ours, current_phase: 'complete' }],
];

const unchanged: readonly Case[] = [
  ['everything is as it should be', owned, { session: 's1', thread: 't1' }, owned],
  [
    'the owner differs by white space alone',
    { owner_rcs_session_id: ' now\n' },
    {},
    { owner_rcs_session_id: ' now\n' },
  ],
  ['the session id is another one', owned, { session: 's2', thread: 't2' }, owned],
  ['the session id is a number', { ...ours, owner_codex_session_id: 0 }, { session: 's1' }, {}],
  ['the session id is false', { ...ours, owner_codex_session_id: false }, { session: 's1', thread: 't1' }, {}],
  ['no id came', ours, {}, ours],
  ['blank ids came', ours, { session: '  ', thread: '\n' }, ours],
  ['the thread id differs by white space alone', { ...ours, owner_codex_thread_id: ' t1 ' }, { thread: 't1' }, {}],
  ['the thread id is a number that reads the same', { ...ours, owner_codex_thread_id: 1e3 }, { thread: '1000' }, {}],
  ['a thread id of another type stands beside a session id', { ...owned, owner_codex_thread_id: 7 }, {}, {}],
  ['the pane is the same', { ...owned, tmux_pane_id: '%7' }, { pane: '%7' }, {}],
  ['the pane differs by white space alone', { ...owned, tmux_pane_id: ' %7 ' }, { pane: '%7' }, {}],
  ['the pane is not known', { ...owned, tmux_pane_id: '%1', tmux_pane_set_at: 'then' }, {}, {}],
  ['the pane is blank', { ...owned, tmux_pane_id: '%1' }, { pane: '  ' }, {}],
];

describe('rule 3: an active current run is refreshed', () => {
  it.each(changes)('rule 3: %s', async (_name, before, ids, after) => {
    const sandbox = makeSandbox();
    const targetPath = sandbox.putRun('now', { active: true, note: 'kept', ...before });
    expect(await sandbox.call(ids)).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: true,
      reason: 'current_forge_active',
      targetPath,
    });
    expect(sandbox.run('now')).toEqual({ active: true, note: 'kept', ...after });
    expect(sandbox.raw('now')).toBe(JSON.stringify(sandbox.run('now'), null, 2));
    expect((await sandbox.call(ids)).updatedCurrentOwner).toBe(false);
  });

  it.each([[{}], [{ tmux_pane_id: '%1', tmux_pane_set_at: 'then' }], [{ tmux_pane_id: null }], [{ tmux_pane_id: 7 }]])(
    'rule 3: a known pane that differs replaces the one in %j, with the instant of the call',
    async (before) => {
      const sandbox = makeSandbox();
      sandbox.putRun('now', { active: true, ...owned, ...before });
      const started = new Date().toISOString();
      expect((await sandbox.call({ pane: '%7' })).updatedCurrentOwner).toBe(true);
      const run = sandbox.run('now');
      expect(run).toEqual({ active: true, ...owned, tmux_pane_id: '%7', tmux_pane_set_at: expect.any(String) });
      const setAt = String(run['tmux_pane_set_at']);
      expect(new Date(setAt).toISOString()).toBe(setAt);
      expect(setAt >= started && setAt <= new Date().toISOString()).toBe(true);
    },
  );

  it('rule 3: the fields keep their order, the rest of the run passes through, the mode stays', async () => {
    const sandbox = makeSandbox();
    const before =
      '{"z":1,"owner_codex_thread_id":"t","__proto__":{"x":[1]},"owner_rcs_session_id":"old","constructor":null,' +
      '"active":true,"n":1e3,"owner_codex_session_id":"s1","big":123456789012345678901,"a":{"b":"\\u00e9"}}';
    fs.chmodSync(sandbox.putRun('now', before), 0o640);
    await sandbox.call();
    const after = JSON.parse(before.replace('"owner_codex_thread_id":"t",', '').replace('"old"', '"now"'));
    expect(sandbox.raw('now')).toBe(JSON.stringify(after, null, 2));
    expect(fs.statSync(sandbox.runFile('now')).mode & 0o7777).toBe(0o640);
  });

  it('rule 3: the current id may itself read like another type', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('7', { active: true, owner_rcs_session_id: 7 });
    expect((await sandbox.call({ current: '7' })).updatedCurrentOwner).toBe(false);
  });

  it('rule 3: a prior run of the same owner is not touched', async () => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 2 });
    sandbox.putRun('now', liveRun());
    sandbox.putRun('old', liveRun());
    const before = sandbox.raw('old');
    expect((await sandbox.call({ session: 's1' })).reason).toBe('current_forge_active');
    expect(sandbox.raw('old')).toBe(before);
  });
});

describe('rule 3: writes only if something changed', () => {
  it.each(unchanged)('rule 3: not a byte is written where %s', async (_name, before, ids) => {
    const sandbox = makeSandbox();
    const targetPath = sandbox.putRun('now', `${JSON.stringify({ active: true, ...before })}\n`);
    fs.utimesSync(targetPath, 1, 1);
    const untouched = sandbox.snapshot();
    expect(await sandbox.call(ids)).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'current_forge_active',
      targetPath,
    });
    expect(sandbox.snapshot()).toEqual(untouched);
  });
});
