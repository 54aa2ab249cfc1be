import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../src/rules/journal.ts';
import { useMemory } from '../hostile/in-memory.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { begunAt, journalFile, planned, putJournal, quarantined, trailOf } from './journals.ts';

useMemory();

type Run = string | undefined | ((sandbox: Sandbox, id: string) => void);
const text = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify(liveRun(fields), null, 2);
const torn =
  (age: number) =>
  (sandbox: Sandbox, id: string): void => {
    const time = Date.now() / 1000 - age;
    fs.utimesSync(sandbox.putRun(id, '{"active": tru'), time, time);
  };
const folder = (sandbox: Sandbox, id: string): void => {
  fs.mkdirSync(sandbox.runFile(id));
  fs.utimesSync(sandbox.runFile(id), 1, 1);
};
const transferred = { active: false, current_phase: 'cancelled', stop_reason: 'ownership_transferred' };

/** What may stand in the session that the run moves to, and its row of protocol.md's table. */
const targets = [
  ['no target', undefined, 'before'],
  ['our target', planned.target, 'ours'],
  ['our target, moved on', text({ note: 'target', owner_rcs_session_id: 'now', iteration: 6 }), 'ours'],
  ['our target, moved on to another owner', text({ owner_rcs_session_id: 'third' }), 'ours'],
  ['our target, ended', text({ note: 'target', owner_rcs_session_id: 'now', active: false }), 'oursEnded'],
  ['our target, handed over', text({ ...transferred, owner_rcs_session_id: 'now' }), 'another'],
  ['a run started anew', text({ owner_rcs_session_id: 'now', started_at: 'later' }), 'another'],
  ['no run at all', '[1]', 'another'],
  ['half a target', torn(5), 'unreadable'],
  ['half a target, for long', torn(60), 'old'],
  ['half a target, ahead of the clock', torn(-60), 'old'],
  ['a folder as target', folder, 'old'],
] as const satisfies readonly (readonly [string, Run, string])[];

/** What may stand in the session that it moves from, and its column. */
const sources = [
  ['the source as before', planned.before, 'live'],
  ['the source moved on', text({ note: 'source', iteration: 8, added: [1] }), 'moved'],
  ['the source as we ended it', planned.source, 'endedByUs'],
  ['the source as we ended it, touched since', planned.source.replace('as planned', 'touched'), 'endedByUs'],
  ['a source that its runtime ended', text({ active: false, current_phase: 'complete' }), 'ended'],
  ['a source started anew', text({ started_at: 'later' }), 'ended'],
  ['a source that is no run', '7', 'ended'],
  ['no source', undefined, 'absent'],
  ['half a source', torn(5), 'unreadable'],
  ['half a source, for long', torn(60), 'old'],
  ['a folder as source', folder, 'old'],
] as const satisfies readonly (readonly [string, Run, string])[];

/** protocol.md's table, where folders can be synced and the caller is a bystander. */
const columns = ['live', 'moved', 'endedByUs', 'ended', 'absent', 'unreadable', 'old'] as const;
const outcomes = {
  before: ['dropped', 'dropped', 'dropped', 'dropped', 'quarantined', 'kept', 'quarantined'],
  ours: ['completed', 'completed', 'finished', 'finished', 'finished', 'kept', 'finished'],
  oursEnded: ['completed', 'dropped', 'finished', 'finished', 'finished', 'kept', 'finished'],
  another: ['dropped', 'dropped', 'quarantined', 'dropped', 'quarantined', 'kept', 'quarantined'],
  unreadable: ['kept', 'kept', 'kept', 'kept', 'kept', 'kept', 'kept'],
  old: ['dropped', 'dropped', 'quarantined', 'quarantined', 'quarantined', 'kept', 'quarantined'],
} as const;

function put(sandbox: Sandbox, id: string, run: Run): void {
  sandbox.putSessions(id);
  if (typeof run === 'string') sandbox.putRun(id, run);
  else run?.(sandbox, id);
}

/** A call from a session in which a run is ended, which takes the lock: it recovers, and does nothing else. */
const recoverOnly = (sandbox: Sandbox) =>
  sandbox.call({ session: 's1', current: 'bystander', hooks: { afterLockAcquired: () => undefined } });

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
    const { transferId } = journal;
    expect(result.recovered).toEqual(outcome === 'kept' ? undefined : [{ transferId, outcome }]);

    if (outcome === 'completed') checkCompleted(sandbox, journal, String(targetBytes), String(sourceBytes));
    else {
      expect(bytesOf(sandbox, 'old')).toBe(sourceBytes);
      expect(bytesOf(sandbox, 'now')).toBe(targetBytes);
    }
    const isDone = ['completed', 'finished'].includes(String(outcome));
    expect([trailOf(sandbox, 'now'), trailOf(sandbox, 'old')]).toEqual(
      isDone
        ? [
            expect.objectContaining({ left: [expect.objectContaining({ session: 'old', transferId })] }),
            expect.objectContaining({ keeper: 'now' }),
          ]
        : [undefined, undefined],
    );
    const names = [...quarantined(sandbox).keys()];
    expect(names.filter((name) => name.endsWith(transferId)).length > 0).toBe(
      outcome === 'quarantined' || carries(String(targetBytes), String(sourceBytes), outcome),
    );
    if (outcome === 'quarantined') expect([...quarantined(sandbox).values()]).toEqual([JSON.stringify(journal)]);
    expect(fs.existsSync(journalFile(sandbox))).toBe(outcome === 'kept');

    const before = sandbox.snapshot();
    const again = await recoverOnly(sandbox);
    expect(again.recovered).toBeUndefined();
    expect(sandbox.snapshot()).toEqual(before);
  });
});

/** Whether one of two turns that had both moved gave way. */
const carries = (target: string, source: string, outcome: unknown): boolean =>
  outcome === 'completed' && target !== planned.target && source !== planned.before;

/** The source is ended with its own fields; the target holds the later turn, as a whole. */
function checkCompleted(sandbox: Sandbox, journal: Journal, target: string, source: string): void {
  const [was, ours, now] = [JSON.parse(source), JSON.parse(target), sandbox.run('now')];
  expect(sandbox.run('old')).toEqual({ ...was, ...transferred, completed_at: begunAt });
  const later = was.iteration > ours.iteration ? was : ours;
  expect(now).toEqual({ ...later, owner_rcs_session_id: ours.owner_rcs_session_id });
  expect(journal.target).toBe('now');
}
