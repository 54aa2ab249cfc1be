import { describe, expect, it } from 'vitest';
import {
  bindPane,
  identityOf,
  isActiveMatch,
  isIdentityMissing,
  ownerMatches,
  refreshOwner,
  without,
} from '../../src/rules/ownership.ts';

const now = '2026-05-06T07:08:09.000Z';
const facts = (sessionId: string, threadId: string, pane = '') => ({
  currentId: 'now',
  identity: { sessionId, threadId },
  pane,
  now,
});

describe('ownerMatches (rule 6)', () => {
  it.each([
    [{ owner_codex_session_id: 's' }, 's', '', true],
    [{ owner_codex_session_id: ' s\n' }, 's', '', true],
    [{ owner_codex_session_id: 's' }, 'S', '', false],
    [{ owner_codex_session_id: 's' }, '', 's', false],
    [{ owner_codex_session_id: 's', owner_codex_thread_id: 't' }, '', 't', false],
    [{ owner_codex_session_id: 's', owner_codex_thread_id: 't' }, 's', 'other', true],
    [{ owner_codex_session_id: '', owner_codex_thread_id: 't' }, 's', 't', true],
    [{ owner_codex_session_id: null, owner_codex_thread_id: ' t ' }, '', 't', true],
    [{ owner_codex_thread_id: 't' }, 't', '', false],
    [{ owner_codex_thread_id: '  ' }, 's', '', false],
    [{}, '', '', false],
    [{}, 's', 't', false],
    [{ owner_codex_session_id: 1000 }, '1000', '', true],
    [{ owner_codex_session_id: false, owner_codex_thread_id: 't' }, '', 't', false],
    [{ owner_codex_session_id: [], owner_codex_thread_id: 't' }, '', 't', true],
    [{ owner_codex_session_id: ['a', 'b'] }, 'a,b', '', true],
  ])('rule 6: %j for session %j, thread %j: %j', (run, sessionId, threadId, matches) => {
    expect(ownerMatches(run, { sessionId, threadId })).toBe(matches);
    expect(isActiveMatch({ ...run, active: true }, { sessionId, threadId })).toBe(matches);
    expect(isActiveMatch({ ...run, active: 'true' }, { sessionId, threadId })).toBe(false);
  });

  it('rule 6: what is no object matches nobody', () => {
    for (const value of [null, [], 'x', 1]) expect(isActiveMatch(value, { sessionId: 's', threadId: 't' })).toBe(false);
  });

  it('rule 5: only two empty ids are no identity', () => {
    expect(isIdentityMissing({ sessionId: '', threadId: '' })).toBe(true);
    expect(isIdentityMissing({ sessionId: 's', threadId: '' })).toBe(false);
    expect(isIdentityMissing({ sessionId: '', threadId: 't' })).toBe(false);
  });

  it('promise 1: identity is the session if set, else the thread, never one taken for the other', () => {
    expect(identityOf({ owner_codex_session_id: ' a ', owner_codex_thread_id: 'b' })).toBe('session:a');
    expect(identityOf({ owner_codex_session_id: ' ', owner_codex_thread_id: 'a ' })).toBe('thread:a');
    expect(identityOf({})).toBe('');
  });
});

describe('refreshOwner (rule 3)', () => {
  it.each([
    ['all is well', { owner_rcs_session_id: 'now', owner_codex_session_id: 's' }, 's', 't'],
    ['ids differ by white space alone', { owner_rcs_session_id: ' now', owner_codex_session_id: 's ' }, 's', ''],
    ['no ids came', { owner_rcs_session_id: 'now' }, '', ''],
    ['the thread is the same', { owner_rcs_session_id: 'now', owner_codex_thread_id: ' t ' }, '', 't'],
    [
      'the thread is no string',
      { owner_rcs_session_id: 'now', owner_codex_session_id: 's', owner_codex_thread_id: 7 },
      's',
      '',
    ],
  ])('rule 3: nothing changes where %s', (_name, run, session, thread) => {
    expect(refreshOwner(run, facts(session, thread))).toBe(run);
  });

  it('rule 3: keeps the order of the fields and does not touch its input', () => {
    const run = Object.freeze({ owner_codex_thread_id: 't', a: 1, owner_rcs_session_id: 'old', z: 2 });
    expect(JSON.stringify(refreshOwner(run, facts('s', 't')))).toBe(
      '{"a":1,"owner_rcs_session_id":"now","z":2,"owner_codex_session_id":"s"}',
    );
  });
});

describe('bindPane (rules 3 and 7)', () => {
  it.each([{}, { tmux_pane_id: '%1', tmux_pane_set_at: 'x' }, { tmux_pane_id: null }, { tmux_pane_id: '%7' }])(
    'rule 7: a known pane takes the place of %j, with the instant, also where it is the same',
    (run) => {
      expect(bindPane(run, facts('', '', ' %7 '))).toEqual({ tmux_pane_id: '%7', tmux_pane_set_at: now });
    },
  );

  it.each(['', '  '])('rule 7: an unknown pane, %j, leaves the run as it is', (pane) => {
    const run = { tmux_pane_id: '%1' };
    expect(bindPane(run, facts('', '', pane))).toBe(run);
  });

  it.each([
    [{ tmux_pane_id: '%7' }, '%7'],
    [{ tmux_pane_id: ' %7 ' }, '%7'],
    [{ tmux_pane_id: '%1' }, ''],
    [{ tmux_pane_id: '%1' }, '  '],
  ])('rule 3: a refresh leaves %j as it is for pane %j', (pane, found) => {
    const run = { owner_rcs_session_id: 'now', owner_codex_session_id: 's', ...pane };
    expect(refreshOwner(run, facts('s', '', found))).toBe(run);
  });
});

describe('without', () => {
  it('files: leaves the others in their order, an own __proto__ key included', () => {
    const run = JSON.parse('{"b":1,"__proto__":{"x":1},"gone":2,"constructor":3,"a":4}');
    expect(JSON.stringify(without(run, ['gone', 'absent']))).toBe('{"b":1,"__proto__":{"x":1},"constructor":3,"a":4}');
    expect(run.gone).toBe(2);
  });
});
