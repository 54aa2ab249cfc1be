import { describe, expect, it } from 'vitest';
import { type Ids, none, reasonFor, sessionText } from '../support/prior-runs.ts';
import { liveRun, threadRun } from '../support/runs.ts';
import type { Content } from '../support/sandbox.ts';

/** An active run as text, with its thread id as it stands in the file. */
const threadText = (id: string): string => `{"active":true,"owner_codex_thread_id":${id}}`;

const matching: readonly (readonly [string, Content, Ids])[] = [
  ['the session id is equal', liveRun(), { session: 's1' }],
  [
    'the session id is equal, whatever the thread',
    liveRun({ owner_codex_thread_id: 't1' }),
    { session: 's1', thread: 'x' },
  ],
  ['there is no session id and the thread is equal', threadRun(), { thread: 't1' }],
  ['the thread is equal beside another payload session', threadRun(), { session: 'x', thread: 't1' }],
  ['the stored session id is blank', threadRun({ owner_codex_session_id: ' ' }), { session: 'x', thread: 't1' }],
  ['the stored session id is null', threadRun({ owner_codex_session_id: null }), { thread: 't1' }],
  ['the stored session id reads as empty', threadRun({ owner_codex_session_id: [[null]] }), { thread: 't1' }],
  ['stored and payload ids differ by white space', liveRun({ owner_codex_session_id: '\ts1 ' }), { session: ' s1\n' }],
  ['the stored thread has odd white space', threadRun({ owner_codex_thread_id: '\u00a0t1\u2003' }), { thread: 't1' }],
  ['an id is not in ASCII', liveRun({ owner_codex_session_id: 'größe-日本-🦀' }), { session: 'größe-日本-🦀' }],
  [
    'an id has quotes and control characters',
    liveRun({ owner_codex_session_id: 'a"\\\u0001/b' }),
    { session: 'a"\\\u0001/b' },
  ],
  ['an id is very long', liveRun({ owner_codex_session_id: 'x'.repeat(100_000) }), { session: 'x'.repeat(100_000) }],
  ['an id is no session id of ours', liveRun({ owner_codex_session_id: '../../x' }), { session: '../../x' }],
  ['the phase is missing', { active: true, owner_codex_session_id: 's1' }, { session: 's1' }],
  ['the phase is null', liveRun({ current_phase: null }), { session: 's1' }],
  ['the phase only resembles a terminal one', liveRun({ current_phase: 'completed' }), { session: 's1' }],
  ['other fields have odd types', liveRun({ iteration: 'x', started_at: {}, tmux_pane_id: [] }), { session: 's1' }],
  ['the id is escaped', sessionText('"\\u00731"'), { session: 's1' }],
  ['the thread is escaped', threadText('"\\u00741"'), { thread: 't1' }],
  ['the field name is escaped', '{"\\u0061ctive":true,"owner_codex_session\\u005fid":"s1"}', { session: 's1' }],
  ['the id stands twice, the last one counts', sessionText('"x","owner_codex_session_id":"s1"'), { session: 's1' }],
  ['the id is the number 1e3', sessionText('1e3'), { session: '1000' }],
  ['the id is the number 1000.0', sessionText('1000.0'), { session: '1000' }],
  ['the id is a large number', sessionText('123456789012345680000000'), { session: '1.2345678901234569e+23' }],
  ['the id is a small number', sessionText('0.0000001'), { session: '1e-7' }],
  ['the id is zero', sessionText('-0'), { session: '0' }],
  ['the thread is the number 1e3', threadText('1e3'), { thread: '1000' }],
  ['the id is true', sessionText('true'), { session: 'true' }],
  ['the id is beyond all numbers', sessionText('1e999'), { session: 'Infinity' }],
  ['the id has bytes that are no UTF-8', Buffer.from(sessionText('"s\xff"'), 'latin1'), { session: 's\ufffd' }],
  ['the id is false', sessionText('false'), { session: 'false' }],
  ['the id is an array of one', sessionText('["s1"]'), { session: 's1' }],
  ['the id is an array of several', sessionText('["a",["b",1e1]]'), { session: 'a,b,10' }],
  ['the id is an object', sessionText('{"a":1}'), { session: '[object Object]' }],
  ['the file has white space around it', `\n\t${sessionText('"s1"')}\n`, { session: 's1' }],
];

const other: readonly (readonly [string, Content, Ids])[] = [
  ['the session id differs', liveRun(), { session: 's2' }],
  ['the session id differs by case', liveRun(), { session: 'S1' }],
  ['the session id only starts the same', liveRun(), { session: 's' }],
  [
    'only the thread is equal beside a session id',
    liveRun({ owner_codex_thread_id: 't1' }),
    { session: 'x', thread: 't1' },
  ],
  ['the payload has no session id', liveRun({ owner_codex_thread_id: 't1' }), { thread: 't1' }],
  ['the session id is false, so the thread is ignored', threadRun({ owner_codex_session_id: false }), { thread: 't1' }],
  ['the session id is zero, so the thread is ignored', threadRun({ owner_codex_session_id: 0 }), { thread: 't1' }],
  ['the payload thread is the stored session', liveRun(), { thread: 's1' }],
  ['the payload session is the stored thread', threadRun(), { session: 't1' }],
  ['the stored thread is blank', threadRun({ owner_codex_thread_id: '' }), { session: 's1' }],
  ['nobody owns the run', { active: true }, { session: 's1', thread: 't1' }],
  ['only the RCS owner is equal', { active: true, owner_rcs_session_id: 's1' }, { session: 's1' }],
  ['active is false', liveRun({ active: false }), { session: 's1' }],
  ['active is missing', { owner_codex_session_id: 's1' }, { session: 's1' }],
  ['active is the string true', liveRun({ active: 'true' }), { session: 's1' }],
  ['active is 1', liveRun({ active: 1 }), { session: 's1' }],
  ['the file is an array', [liveRun()], { session: 's1' }],
  ['the file is null', 'null', { session: 's1' }],
  ['the file is a string', '"s1"', { session: 's1' }],
  ['the file is broken', sessionText('"s1"').slice(0, -1), { session: 's1' }],
  ['the file has a byte order mark', `\ufeff${sessionText('"s1"')}`, { session: 's1' }],
  ['the file is empty', '', { session: 's1' }],
  ['the owner stands in a nested object', '{"active":true,"x":{"owner_codex_session_id":"s1"}}', { session: 's1' }],
  [
    'the owner stands in the prototype',
    '{"active":true,"__proto__":{"owner_codex_session_id":"s1"}}',
    { session: 's1' },
  ],
  ['active stands in the prototype', '{"__proto__":{"active":true},"owner_codex_session_id":"s1"}', { session: 's1' }],
  ['the stored id cannot be made a string', sessionText('{"toString":1,"valueOf":2}'), { session: 's1' }],
];

describe('rule 6: whose run it is', () => {
  it.each(matching)('rule 6: it is resumed where %s', async (_name, run, ids) => {
    expect(await reasonFor({ old: run }, ids)).toBe('resumed_same_codex_session');
    expect(await reasonFor({ old: run }, ids, false)).toBe('resumed_same_codex_session');
  });

  it.each(other)('rule 6: it is none where %s', async (_name, run, ids) => {
    expect(await reasonFor({ old: run }, ids)).toBe(none);
    expect(await reasonFor({ old: run }, ids, false)).toBe(none);
  });

  it.each([
    'blocked_on_user',
    'complete',
    'failed',
    'cancelled',
    ' Complete\n',
    'FAILED',
    '\u00a0Blocked_On_User',
    ['Failed'],
  ])('rule 6: it is none in the terminal phase %j', async (phase) => {
    expect(await reasonFor({ old: liveRun({ current_phase: phase }) }, { session: 's1' })).toBe(none);
  });
});
