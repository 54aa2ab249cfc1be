import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalName, journalSides, restoreBytes, runIn, storeBytes } from '../../src/rules/journal.ts';
import { judgeJournal } from '../../src/rules/journal-schema.ts';
import { makeJournal } from '../recovery/journals.ts';

describe('storeBytes and restoreBytes (protocol.md, "Transfer")', () => {
  it('protocol: any bytes come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (array) => {
        const bytes = Buffer.from(array);
        const stored = JSON.parse(JSON.stringify(storeBytes(bytes)));
        expect(restoreBytes(stored).equals(bytes)).toBe(true);
      }),
    );
  });

  it('protocol: valid UTF-8 is kept as text that a person can read, anything else as base64', () => {
    expect(storeBytes(Buffer.from('{"a":"ä\uFEFF"}'))).toEqual({ utf8: '{"a":"ä\uFEFF"}' });
    expect(storeBytes(Buffer.from([0xff]))).toEqual({ base64: '/w==' });
    expect(storeBytes(Buffer.from([0xed, 0xa0, 0x80]))).toEqual({ base64: '7aCA' });
    expect(storeBytes(Buffer.alloc(0))).toEqual({ utf8: '' });
  });

  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['a list', '[]', undefined],
    ['null', 'null', undefined],
    ['no JSON', '{', undefined],
    ['nothing', '', undefined],
  ])('protocol: the run of %s', (_name, utf8, run) => {
    expect(runIn(Buffer.from(utf8))).toEqual(run);
  });
});

describe('names of journals (protocol.md, "Our folder")', () => {
  it('protocol: the two sessions can be told from the name', () => {
    expect(journalSides(journalName('a-1', '_B'))).toEqual({ source: 'a-1', target: '_B' });
  });

  it.each([
    '',
    'a.json',
    'a.b',
    'a.b.c',
    'a.b.json.x',
    '.a.b.json',
    'a..json',
    'a.a.json',
    'a/b.c.json',
    '../a.b.json',
  ])('promise 8: %j is none of ours', (name) => {
    expect(journalSides(name)).toBeUndefined();
  });
});

describe('judgeJournal (protocol.md, "Recover")', () => {
  const sides = { source: 'old', target: 'now' };
  const judged = (fields: Readonly<Record<string, unknown>>) =>
    judgeJournal(JSON.stringify({ ...makeJournal(), ...fields }), sides).kind;

  it('protocol: what the library writes is a journal, as it stands', () => {
    const journal = makeJournal();
    expect(judgeJournal(JSON.stringify(journal), sides)).toEqual({ kind: 'journal', journal });
    expect(judged({ companions: [{ name: 'run-state.json', sha256: 'a'.repeat(64) }] })).toBe('journal');
    expect(judged({ targetBefore: { base64: '/w==' } })).toBe('journal');
    expect(judged({ added: 'by a later release of the same version' })).toBe('journal');
  });

  it.each([8.64e15, -8.64e15, 0, Date.UTC(9999, 11, 31), Date.UTC(10_000, 0)])(
    'protocol: every time that we can write is one that we can read: %d',
    (ms) => {
      expect(judged({ at: new Date(ms).toISOString() })).toBe('journal');
    },
  );

  it.each([
    ['transferId', 'a/b'],
    ['transferId', ''],
    ['target', '..'],
    ['target', 'other'],
    ['source', 'x'.repeat(65)],
    ['source', 'x\n'],
    ['at', 'soon'],
    ['at', 7],
    ['startedAt', null],
    ['sourceBefore', 'x'],
    ['targetBefore', { utf8: 7 }],
    ['targetAfter', null],
    ['targetAfter', { utf8: 'x' }],
    ['targetAfter', { utf8: '{}', base64: '' }],
    ['companions', undefined],
    ['companions', [{ name: '../x', sha256: 'a'.repeat(64) }]],
    ['companions', [{ name: 'x', sha256: 'a' }]],
    ['version', undefined],
  ])('protocol: broken where %s is %j', (field, value) => {
    expect(judged({ [field]: value })).toBe('broken');
  });

  it.each([1, 0, '2', null, { major: 2 }, true])('protocol: version %j is somebody’s property', (version) => {
    expect(judgeJournal(JSON.stringify({ version }), sides)).toEqual({ kind: 'otherVersion', version });
  });

  it.each(['', '{', 'null', '7', '[]', '"x"', '{"__proto__":{"version":3}}'])('protocol: %j is broken', (text) => {
    expect(judgeJournal(text, sides)).toEqual({ kind: 'broken' });
  });
});
