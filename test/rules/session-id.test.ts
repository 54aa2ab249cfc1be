import { describe, expect, it } from 'vitest';
import { isSessionId, sessionIdFromEnv } from '../../src/rules/session-id.ts';

describe('isSessionId (files: 1 to 64 letters, digits, _ or -)', () => {
  it.each(['a', 'A-z_09', '-', '__proto__', 'x'.repeat(64)])('files: %j is an id', (id) => {
    expect(isSessionId(id)).toBe(true);
  });

  it.each([
    '',
    'x'.repeat(65),
    '../a',
    'a/b',
    '.',
    '..',
    'a.b',
    'a b',
    ' a',
    'a\n',
    'a\0',
    'ä',
    '１',
    7,
    null,
    ['a'],
    {},
  ])('files: %j is none', (value) => {
    expect(isSessionId(value)).toBe(false);
  });
});

describe('sessionIdFromEnv (rule 2)', () => {
  it.each([
    [{ RCS_SESSION_ID: 'r', CODEX_SESSION_ID: 'c', SESSION_ID: 's' }, 'r'],
    [{ CODEX_SESSION_ID: 'c', SESSION_ID: 's' }, 'c'],
    [{ SESSION_ID: 's' }, 's'],
    [{ RCS_SESSION_ID: ' \tr\n' }, 'r'],
    [{ RCS_SESSION_ID: '', CODEX_SESSION_ID: '  ', SESSION_ID: 's' }, 's'],
    [{ RCS_SESSION_ID: '../r', CODEX_SESSION_ID: 'x'.repeat(65), SESSION_ID: 's' }, 's'],
    [{ RCS_SESSION_ID: 'a b' }, undefined],
    [{ OTHER: 'a' }, undefined],
    [{}, undefined],
  ])('rule 2: %j proposes %j', (env, id) => {
    expect(sessionIdFromEnv(env)).toBe(id);
  });
});
