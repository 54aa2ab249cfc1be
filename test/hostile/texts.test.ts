import { describe, expect, it } from 'vitest';
import { ForgeResumeError } from '../../src/errors.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { useMemory } from './in-memory.ts';

useMemory();

const text = JSON.stringify(liveRun());
const bom = '\uFEFF';

function withRun(id: string, content: string | Buffer): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun(id, content);
  return sandbox;
}

describe('rule 10: texts that are no JSON', () => {
  it.each([
    ['a byte order mark', bom + text],
    ['a raw NUL in a string', text.replace('building', 'buil\0ding')],
    ['NULs alone', '\0'.repeat(4_096)],
    ['a NUL at the end', `${text}\0`],
    ['UTF-16', Buffer.from(text, 'utf16le')],
    ['nothing', ''],
    ['half of it', text.slice(0, 40)],
    ['two of it', text + text],
  ])('rules 2, 4, 6: %s is unreadable, no candidate, not usable', async (_name, content) => {
    const current = withRun('now', content);
    expect((await current.call({ session: 's1' })).reason).toBe('current_forge_unreadable');
    const candidate = withRun('old', content);
    expect((await candidate.call({ session: 's1' })).reason).toBe('no_matching_prior_forge');
    expect(candidate.raw('now')).toBeUndefined();
    const record = withRun('now', '{}');
    record.putRecord(content.toString().replace('"active"', '"session_id":"now","active"'));
    expect((await record.call({ current: '' })).reason).toBe('current_rcs_session_missing');
  });
});

describe('rule 10: large files', () => {
  const limit = 8 * 1_024 * 1_024;

  it.each([
    ['8 MiB', limit, 'current_forge_present', 'resumed_same_codex_session'],
    ['one byte more', limit + 1, 'current_forge_unreadable', 'no_matching_prior_forge'],
  ])('rules 4, 6 and 10: %s', async (_name, bytes, current, candidate) => {
    // White space counts as size, and leaves the hand-over small.
    const ended = JSON.stringify(liveRun({ active: false })).padEnd(bytes);
    expect((await withRun('now', ended).call({ session: 's1' })).reason).toBe(current);
    expect((await withRun('old', text.padEnd(bytes)).call({ session: 's1' })).reason).toBe(candidate);
  });
});

describe('files: what JSON.parse and JSON.stringify give back', () => {
  const handedOver = async (content: string | Buffer, session = 's1'): Promise<Sandbox> => {
    const sandbox = withRun('old', content);
    expect((await sandbox.call({ session })).reason).toBe('resumed_same_codex_session');
    return sandbox;
  };

  it.each([
    ['__proto__ keys', '{"active":true,"polluted":true}', '__proto__'],
    ['constructor keys', '{"prototype":{"active":false}}', 'constructor'],
    ['escaped NULs', '"a\\u0000b"', 'notes'],
    ['lone surrogates', '"a\\ud800b\\udfff"', 'notes'],
    ['a byte order mark inside', '"\\ufeff"', 'notes'],
    ['line separators', '"\u2028\u2029"', 'notes'],
    ['numbers that do not fit', '12345678901234567890', 'notes'],
    ['an empty name', '1', ''],
    ['names of methods', '1', 'toString'],
    ['hasOwnProperty', 'null', 'hasOwnProperty'],
    ['numbers as names', '1', '7'],
  ])('files: %s pass through, in both runs', async (_name, json, field) => {
    const content = `${text.slice(0, -1)},${JSON.stringify(field)}:${json}}`;
    const expected = JSON.parse(content);
    const sandbox = await handedOver(content);
    for (const id of ['now', 'old']) {
      const run = JSON.parse(sandbox.raw(id) ?? '');
      expect(JSON.stringify(run[field])).toBe(JSON.stringify(expected[field]));
      expect(Object.hasOwn(run, field)).toBe(true);
      const known = new Set([...Object.keys(expected), 'completed_at', 'stop_reason']);
      expect(Object.keys(run).filter((name) => !known.has(name))).toEqual([]);
    }
    expect(Object.keys(sandbox.run('now'))).toEqual(Object.keys(expected));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('files: an owner behind __proto__ is no owner, an active behind it is not active', async () => {
    const sandbox = withRun('old', `{"__proto__":${text}}`);
    sandbox.putRun('older', `{"active":true,"__proto__":${text}}`);
    expect((await sandbox.call({ session: 's1' })).reason).toBe('no_matching_prior_forge');
    expect((await sandbox.call({ current: 'old', session: 's1' })).reason).toBe('current_forge_present');
    sandbox.putRecord('{"__proto__":{"session_id":"now"}}');
    expect((await sandbox.call({ current: '' })).reason).toBe('current_rcs_session_missing');
  });

  it('files: an id with a NUL, a quote, a lone surrogate or a line break is compared as text', async () => {
    for (const id of ['a\0b', 'a"b', 'a\nb', '\uD800', 'ä\\u0041']) {
      await handedOver(JSON.stringify(liveRun({ owner_codex_session_id: id })), id);
    }
  });

  it('promise 2: bytes that are no UTF-8 are read as JSON.parse reads them', async () => {
    const bytes = Buffer.concat([
      Buffer.from(`${text.slice(0, -1)},"notes":"`),
      Buffer.from([0xff, 0xc0]),
      Buffer.from('"}'),
    ]);
    const sandbox = await handedOver(bytes);
    expect(sandbox.run('now')['notes']).toBe('\uFFFD\uFFFD');
  });
});

describe('rule 9: a stateDir that is no path', () => {
  it('rule 9: one with a NUL is a typed error', async () => {
    const sandbox = makeSandbox();
    const error = await thrownBy(sandbox.call({ stateDir: `${sandbox.stateDir}\0/x` }));
    expect(error).toBeInstanceOf(ForgeResumeError);
    expect((error as ForgeResumeError).code).toBe('IO');
    expect((error as ForgeResumeError).cause).toBeInstanceOf(Error);
  });

  it('rule 9: a file in its place is a typed error, a file on the way to it means that it does not exist', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord('{}');
    const error = await thrownBy(sandbox.call({ stateDir: sandbox.path('session.json') }));
    expect((error as ForgeResumeError).code).toBe('IO');
    const result = await sandbox.call({ stateDir: sandbox.path('session.json', 'state') });
    expect(result.reason).toBe('current_rcs_session_missing');
  });
});
