import { describe, expect, it } from 'vitest';
import { restoreRun, storeBytes } from '../../src/rules/journal.ts';
import {
  type FoundRun,
  isResurrectedCopy,
  judgeSource,
  judgeTarget,
  recoveryAction,
} from '../../src/rules/recovery.ts';
import { makeJournal, planned } from '../recovery/journals.ts';
import { liveRun } from '../support/runs.ts';

const journal = makeJournal();
const found = (text: string): FoundRun => ({ kind: 'run', bytes: Buffer.from(text), value: JSON.parse(text) });
const text = (fields: Readonly<Record<string, unknown>>): string => JSON.stringify(liveRun(fields));

describe('judgeTarget (protocol.md, rows of "Recover")', () => {
  it.each([
    ['as written', planned.target, 'ours'],
    ['moved on', text({ owner_rcs_session_id: 'now', iteration: 9 }), 'ours'],
    [
      'with white space around its ids',
      text({ owner_rcs_session_id: ' now ', started_at: ' 2026-01-02T03:04:05.000Z ' }),
      'ours',
    ],
    ['ended since', text({ owner_rcs_session_id: 'now', active: false }), 'ours'],
    ['started anew', text({ owner_rcs_session_id: 'now', started_at: 'x' }), 'another'],
    ['without a start', text({ owner_rcs_session_id: 'now', started_at: null }), 'another'],
    ['of another session', text({ owner_rcs_session_id: 'old' }), 'another'],
    ['a list', '[]', 'another'],
    ['null', 'null', 'another'],
  ])('protocol: a target %s', (_name, run, row) => {
    expect(judgeTarget(journal, found(run))).toBe(row);
  });

  it('protocol: what is absent or unreadable is that', () => {
    for (const kind of ['absent', 'unreadable'] as const) {
      expect(judgeTarget(journal, { kind })).toBe(kind);
      expect(judgeSource(journal, { kind })).toBe(kind);
    }
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
    ['with an odd active', text({ active: 'true' }), 'ended'],
    ['started anew', text({ started_at: 'x' }), 'ended'],
    ['started anew and handed over by us', planned.source.replace('2026-01-02', '2026-01-03'), 'ended'],
    ['a list', '[]', 'ended'],
  ])('protocol: a source %s', (_name, run, column) => {
    expect(judgeSource(journal, found(run))).toBe(column);
  });

  it('protocol: bytes decide before contents do', () => {
    const bytes = Buffer.from('{"active":false,"started_at":"x"}');
    const odd = makeJournal({ source: { ...journal.source, before: storeBytes(bytes) } });
    expect(judgeSource(odd, found(bytes.toString()))).toBe('live');
  });
});

describe('recoveryAction (protocol.md, table of "Recover")', () => {
  it('protocol: an unreadable run keeps the journal in every row and column', () => {
    const rows = ['absent', 'ours', 'another', 'unreadable'] as const;
    const columns = ['live', 'endedByUs', 'ended', 'absent', 'unreadable'] as const;
    for (const row of rows) expect(recoveryAction(row, 'unreadable')).toBe('keep');
    for (const column of columns) expect(recoveryAction('unreadable', column)).toBe('keep');
  });

  it('promise 1: the source is ended only where the target is ours, the target created only where the source is ours', () => {
    expect(recoveryAction('ours', 'live')).toBe('complete');
    expect(recoveryAction('absent', 'endedByUs')).toBe('restore');
    expect([recoveryAction('another', 'live'), recoveryAction('absent', 'live')]).toEqual(['drop', 'drop']);
    expect([recoveryAction('another', 'absent'), recoveryAction('another', 'endedByUs')]).toEqual([
      'quarantine',
      'quarantine',
    ]);
  });
});

describe('isResurrectedCopy (protocol.md, "Receipts")', () => {
  const before = restoreRun(journal.source.before) ?? {};

  it.each([
    ['as it was', {}, true],
    ['some iterations on', { iteration: 8 }, true],
    ['with other fields changed', { note: 'x', tmux_pane_id: '%9' }, true],
    ['with white space around its owner', { owner_codex_session_id: ' s1 ' }, true],
    ['with an empty thread that was not there', { owner_codex_thread_id: ' ' }, true],
    ['not active', { active: 1 }, false],
    ['of an earlier iteration', { iteration: 4 }, false],
    ['without an iteration', { iteration: undefined }, false],
    ['started anew', { started_at: '2027' }, false],
    ['without a start', { started_at: undefined }, false],
    ['of another RCS session', { owner_rcs_session_id: 'x' }, false],
    ['of another Codex session', { owner_codex_session_id: 's2' }, false],
    ['of another thread', { owner_codex_thread_id: 't' }, false],
  ])('protocol: a live run %s: %j', (_name, fields, is) => {
    expect(isResurrectedCopy(before, { ...before, ...fields })).toBe(is);
  });

  it('protocol: where neither has a start, nothing is proved', () => {
    const run = { ...before, started_at: ' ' };
    expect(isResurrectedCopy(run, run)).toBe(false);
  });

  it('protocol: a run that never counted is as good as one at 0', () => {
    const { iteration: _none, ...uncounted } = before;
    expect(isResurrectedCopy(uncounted, uncounted)).toBe(true);
    expect(isResurrectedCopy(uncounted, before)).toBe(true);
  });
});
