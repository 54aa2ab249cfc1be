import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../src/rules/journal.ts';
import { useMemory } from '../hostile/in-memory.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { begunAt, journalFile, planned, putJournal, quarantined, receiptsIn } from './journals.ts';

useMemory();

type Run = string | undefined | ((sandbox: Sandbox, id: string) => void);
const text = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify(liveRun(fields), null, 2);
const torn = (sandbox: Sandbox, id: string): void => fs.utimesSync(sandbox.putRun(id, '{"active": tru'), 1, 1);
const folder = (sandbox: Sandbox, id: string): void => void fs.mkdirSync(sandbox.runFile(id));

/** What may stand in the current session, and its row of protocol.md's table. */
const targets: readonly (readonly [string, Run, 'absent' | 'ours' | 'another' | 'unreadable'])[] = [
  ['no target', undefined, 'absent'],
  ['our target', planned.target, 'ours'],
  ['our target, moved on', text({ note: 'target', owner_rcs_session_id: 'now', iteration: 6 }), 'ours'],
  ['our target, ended', text({ note: 'target', owner_rcs_session_id: 'now', active: false }), 'ours'],
  ['a run started anew', text({ owner_rcs_session_id: 'now', started_at: 'later' }), 'another'],
  ['another session’s run', text({ owner_rcs_session_id: 'third' }), 'another'],
  ['no run at all', '[1]', 'another'],
  ['half a target', torn, 'unreadable'],
  ['a folder as target', folder, 'unreadable'],
];

/** What may stand in the prior session, and its column. */
const sources: readonly (readonly [string, Run, 'live' | 'endedByUs' | 'ended' | 'absent' | 'unreadable'])[] = [
  ['the source as before', planned.before, 'live'],
  ['the source moved on', text({ note: 'source', iteration: 8, added: [1] }), 'live'],
  ['the source as we ended it', planned.source, 'endedByUs'],
  ['the source as we ended it, touched since', planned.source.replace('as planned', 'touched'), 'endedByUs'],
  ['a source that its runtime ended', text({ active: false, current_phase: 'complete' }), 'ended'],
  ['a source started anew', text({ started_at: 'later' }), 'ended'],
  ['a source that is no run', '7', 'ended'],
  ['no source', undefined, 'absent'],
  ['half a source', torn, 'unreadable'],
  ['a folder as source', folder, 'unreadable'],
];

/** protocol.md's table: columns live, ended by us, otherwise ended, absent, unreadable. */
const outcomes = {
  absent: ['dropped', 'restored', 'dropped', 'quarantined', 'kept'],
  ours: ['completed', 'finished', 'finished', 'finished', 'kept'],
  another: ['dropped', 'quarantined', 'dropped', 'quarantined', 'kept'],
  unreadable: ['kept', 'kept', 'kept', 'kept', 'kept'],
} as const;
const columns = ['live', 'endedByUs', 'ended', 'absent', 'unreadable'] as const;

function put(sandbox: Sandbox, id: string, run: Run): void {
  sandbox.putSessions(id);
  if (typeof run === 'string') sandbox.putRun(id, run);
  else run?.(sandbox, id);
}

/** A call from a session in which a run has ended: it recovers, and does nothing else. */
const recoverOnly = (sandbox: Sandbox) => sandbox.call({ session: 's1', current: 'bystander' });

const bytesOf = (sandbox: Sandbox, id: string): string | undefined =>
  fs.lstatSync(sandbox.runFile(id), { throwIfNoEntry: false })?.isFile() ? sandbox.raw(id) : undefined;

describe.each(targets)('recovery, %s', (_target, target, row) => {
  const cells = sources.map(([name, run, column]) => [name, outcomes[row][columns.indexOf(column)], run] as const);

  it.each(cells)('protocol "Recover": and %s: %s', async (_source, outcome, source) => {
    const sandbox = makeSandbox();
    sandbox.putRun('bystander', liveRun({ active: false }));
    put(sandbox, 'now', target);
    put(sandbox, 'old', source);
    // Two live runs stand there before the call: no recovery may end one that is not its own.
    sandbox.declare({ liveRuns: 2, openJournal: outcome === 'kept' });
    const journal = putJournal(sandbox);
    const [targetBytes, sourceBytes] = [bytesOf(sandbox, 'now'), bytesOf(sandbox, 'old')];

    const result = await recoverOnly(sandbox);
    expect(result.reason).toBe('current_forge_present');
    expect(result.recovered).toEqual([{ transferId: journal.transferId, outcome }]);

    if (outcome === 'completed') checkCompleted(sandbox, journal, String(targetBytes), String(sourceBytes));
    else {
      expect(bytesOf(sandbox, 'old')).toBe(sourceBytes);
      expect(bytesOf(sandbox, 'now')).toBe(outcome === 'restored' ? planned.target : targetBytes);
    }
    const settled = ['completed', 'restored', 'finished'].includes(String(outcome));
    expect(receiptsIn(sandbox)).toEqual(settled ? [journal] : []);
    expect([...quarantined(sandbox)]).toEqual(
      outcome === 'quarantined' ? [[`${journal.transferId}/journal.json`, JSON.stringify(journal)]] : [],
    );
    expect(fs.existsSync(journalFile(sandbox))).toBe(outcome === 'kept');

    const before = sandbox.snapshot();
    const again = await recoverOnly(sandbox);
    expect(again.recovered).toEqual(outcome === 'kept' ? result.recovered : undefined);
    expect(sandbox.snapshot()).toEqual(before);
  });
});

/** The source is ended with its own fields, and what it had done since the plan is in the target. */
function checkCompleted(sandbox: Sandbox, journal: Journal, target: string, source: string): void {
  const [was, planned_, now] = [JSON.parse(source), JSON.parse(target), sandbox.run('now')];
  expect(sandbox.run('old')).toEqual({
    ...was,
    active: false,
    current_phase: 'cancelled',
    completed_at: begunAt,
    stop_reason: 'ownership_transferred',
  });
  expect(now['iteration']).toBe(Math.max(was.iteration, planned_.iteration));
  expect(now['owner_rcs_session_id']).toBe(journal.currentId);
  expect(now['added']).toEqual(was.added);
  expect(now['active']).toBe(planned_.active);
  const changedByTarget = planned_.note !== 'as planned';
  expect(now['note']).toBe(changedByTarget ? planned_.note : was.note);
}
