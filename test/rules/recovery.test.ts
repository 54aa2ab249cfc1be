import { describe, expect, it } from 'vitest';
import { storeBytes } from '../../src/rules/journal.ts';
import {
  type FoundRun,
  judgeSource,
  judgeTarget,
  type RecoveryFacts,
  recoveryAction,
  type SourceState,
  type TargetState,
} from '../../src/rules/recovery.ts';
import { makeJournal, planned } from '../recovery/journals.ts';
import { liveRun } from '../support/runs.ts';

const journal = makeJournal();
const found = (text: string): FoundRun => ({ kind: 'run', bytes: Buffer.from(text), value: JSON.parse(text) });
const text = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify(liveRun(fields));
const transferred = { active: false, current_phase: 'cancelled', stop_reason: 'ownership_transferred' };

describe('judgeTarget (protocol.md, rows of "Recover")', () => {
  it.each([
    ['as written', planned.target, 'ours'],
    ['moved on', text({ iteration: 9 }), 'ours'],
    ['moved on to another owner', text({ owner_rcs_session_id: 'x' }), 'ours'],
    ['with white space around its start', text({ started_at: ' 2026-01-02T03:04:05.000Z ' }), 'ours'],
    ['ended since', text({ active: false }), 'oursEnded'],
    ['in a terminal phase', text({ current_phase: ' Failed' }), 'oursEnded'],
    ['handed over since', text(transferred), 'another'],
    ['started anew', text({ started_at: 'x' }), 'another'],
    ['without a start', text({ started_at: null }), 'another'],
    ['a list', '[]', 'another'],
    ['null', 'null', 'another'],
  ])('protocol: a target %s', (_name, run, row) => {
    expect(judgeTarget(journal, found(run))).toBe(row);
  });

  it('protocol: at home, the run that stood there before is before; whatever else we ended is another', () => {
    const home = makeJournal({ targetBefore: storeBytes(Buffer.from(text(transferred))) });
    expect(judgeTarget(home, found(text(transferred)))).toBe('before');
    expect(judgeTarget(home, found(text({ ...transferred, iteration: 9 })))).toBe('another');
    expect(judgeTarget(home, { kind: 'absent' })).toBe('before');
  });

  it('protocol: what is absent or unreadable is that', () => {
    expect(judgeTarget(journal, { kind: 'absent' })).toBe('before');
    expect(judgeTarget(journal, { kind: 'unreadable' })).toBe('unreadable');
    for (const kind of ['absent', 'unreadable'] as const) expect(judgeSource(journal, { kind })).toBe(kind);
  });
});

describe('judgeSource (protocol.md, columns of "Recover")', () => {
  it.each([
    ['as before', planned.before, 'live'],
    ['moved on', text({ iteration: 9 }), 'live'],
    ['moved on to another owner', text({ owner_rcs_session_id: 'x' }), 'live'],
    ['ended by us', planned.source, 'endedByUs'],
    ['ended by us and touched since', planned.source.replace('"iteration": 5', '"iteration": 6'), 'endedByUs'],
    ['ended by its runtime', text({ active: false, stop_reason: 'done' }), 'ended'],
    ['in a terminal phase', text({ current_phase: 'complete' }), 'ended'],
    ['with an odd active', text({ active: 'true' }), 'ended'],
    ['started anew', text({ started_at: 'x' }), 'ended'],
    ['started anew and handed over by us', planned.source.replace('2026-01-02', '2026-01-03'), 'ended'],
    ['a list', '[]', 'ended'],
  ])('protocol: a source %s', (_name, run, column) => {
    expect(judgeSource(journal, found(run))).toBe(column);
  });
});

describe('recoveryAction (protocol.md, table of "Recover")', () => {
  const facts: RecoveryFacts = { old: false, syncs: true, callerIsSource: false, sourceMoved: false };
  const rows: readonly TargetState[] = ['before', 'ours', 'oursEnded', 'another', 'unreadable'];
  const columns: readonly SourceState[] = ['live', 'endedByUs', 'ended', 'absent', 'unreadable'];
  const act = (row: TargetState, column: SourceState, more: Partial<RecoveryFacts> = {}) =>
    recoveryAction(row, column, { ...facts, ...more });

  it('protocol: an unreadable run keeps the journal in every row and column, until it is old', () => {
    for (const row of rows) expect(act(row, 'unreadable')).toBe('keep');
    for (const column of columns) expect(act('unreadable', column)).toBe('keep');
    expect(rows.map((row) => act(row, 'unreadable', { old: true }))).toEqual([
      'quarantine',
      'finish',
      'finish',
      'quarantine',
      'quarantine',
    ]);
    expect(columns.map((column) => act('unreadable', column, { old: true }))).toEqual([
      'drop',
      'quarantine',
      'quarantine',
      'quarantine',
      'quarantine',
    ]);
  });

  it('promise 1: the source is ended only where the target is ours, and not if it moved on while the target ended', () => {
    expect(act('ours', 'live', { sourceMoved: true })).toBe('complete');
    expect(act('oursEnded', 'live')).toBe('end');
    expect(act('oursEnded', 'live', { sourceMoved: true })).toBe('drop');
    expect([act('another', 'live'), act('before', 'live')]).toEqual(['drop', 'drop']);
  });

  it('promise 1: a target that is gone is created only where its folder could not be synced', () => {
    expect(act('before', 'endedByUs')).toBe('drop');
    expect(act('before', 'endedByUs', { syncs: false })).toBe('restore');
    expect([act('before', 'ended'), act('before', 'absent')]).toEqual(['drop', 'quarantine']);
  });

  it('promise 1: a call from the source’s session undoes, but only what is unfinished', () => {
    expect(act('ours', 'live', { callerIsSource: true })).toBe('undo');
    expect(act('ours', 'endedByUs', { callerIsSource: true })).toBe('finish');
    expect(act('oursEnded', 'live', { callerIsSource: true })).toBe('end');
  });

  it('protocol: another run is left alone, and reported where nothing is left of ours', () => {
    expect(columns.slice(0, 4).map((column) => act('another', column))).toEqual([
      'drop',
      'quarantine',
      'drop',
      'quarantine',
    ]);
  });
});
