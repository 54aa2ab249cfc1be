import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCouldMatch } from '../../src/rules/could-match.ts';
import { isActiveMatch } from '../../src/rules/ownership.ts';

const could = (text: string, sessionId: string, threadId = ''): boolean =>
  makeCouldMatch({ sessionId, threadId })(Buffer.from(text));

describe('makeCouldMatch (rule 6)', () => {
  it.each([
    ['an id letter by letter', '{"owner_codex_session_id":"abc"}', 'abc', '', true],
    ['the other id', '{"owner_codex_thread_id":"t-1"}', 'abc', 't-1', true],
    ['neither id', '{"owner_codex_session_id":"abd"}', 'abc', 't-1', false],
    ['an escape that may hide one', '{"owner_codex_session_id":"\\u0061bc"}', 'abc', '', true],
    ['an escape elsewhere', '{"x":"\\n"}', 'abc', '', true],
    ['nothing', '', 'abc', '', false],
    ['a number for an id of digits', '{"owner_codex_session_id":1e3}', '1000', '', true],
    ['true', '{"owner_codex_session_id":true}', 'true', '', true],
    ['a list', '{"owner_codex_session_id":["a","b"]}', 'a,b', '', true],
    ['an object', '{"owner_codex_session_id":{}}', '[object Object]', '', true],
    ['replaced bytes', '{}', '\uFFFD', '', true],
    ['a nested list of one', '{"owner_codex_session_id":[["abc"]]}', 'abc', '', true],
  ])('rule 6: a file with %s', (_name, text, session, thread, expected) => {
    expect(could(text, session, thread)).toBe(expected);
  });

  it('rule 6: no run that matches is ever passed over, whatever its owner’s type and the way it is written', () => {
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.constant(true),
      fc.constant(null),
      fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.integer(), fc.constant(null)), { maxLength: 3 }),
      fc.constant({}),
      fc.constant([[7]]),
    );
    const inEscapes = (text: string): string =>
      text.replace(/[a-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    fc.assert(
      fc.property(value, fc.boolean(), fc.boolean(), (owner, asThread, escaped) => {
        const id = String(owner ?? '').trim();
        fc.pre(id !== '');
        const field = asThread ? 'owner_codex_thread_id' : 'owner_codex_session_id';
        const json = JSON.stringify(owner);
        const text = `{"active":true,"${field}":${escaped && json.startsWith('"') && !json.includes('\\') ? inEscapes(json) : json}}`;
        const parsed = JSON.parse(text);
        const stored = parsed[field];
        const wanted = String(stored ?? '').trim();
        const identity = asThread ? { sessionId: '', threadId: wanted } : { sessionId: wanted, threadId: '' };
        if (isActiveMatch(parsed, identity)) expect(makeCouldMatch(identity)(Buffer.from(text))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
