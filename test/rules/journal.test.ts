import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restoreBytes, restoreRun, storeBytes } from '../../src/rules/journal.ts';
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
    expect(restoreRun({ utf8 })).toEqual(run);
  });
});

describe('judgeJournal (protocol.md, "Recover")', () => {
  const judged = (fields: Readonly<Record<string, unknown>>) =>
    judgeJournal(JSON.stringify({ ...makeJournal(), ...fields })).kind;

  it('protocol: what the library writes is a journal, as it stands', () => {
    const journal = makeJournal();
    expect(judgeJournal(JSON.stringify(journal))).toEqual({ kind: 'journal', journal });
    expect(judged({ outcome: 'rolled_back', voided: true })).toBe('journal');
    expect(judged({ outcome: 'committed', voided: false })).toBe('journal');
    expect(judged({ added: 'by a later release of the same version' })).toBe('journal');
  });

  it.each([
    ['transferId', 'a/b'],
    ['transferId', ''],
    ['currentId', '..'],
    ['priorId', 'x'.repeat(65)],
    ['priorId', 'x\n'],
    ['priorId', 'now'],
    ['createdAt', 'soon'],
    ['createdAt', 7],
    ['target', { before: {}, after: { utf8: '{}' } }],
    ['target', { before: null, after: { utf8: 'x' } }],
    ['target', { before: null, after: { utf8: '{}', base64: '' } }],
    ['source', { before: { utf8: '{}' }, after: { utf8: '{}' }, mode: -1 }],
    ['source', { before: { utf8: '{}' }, after: { utf8: '{}' }, mode: 0o10000 }],
    ['source', { before: { utf8: '{}' }, after: { utf8: '{}' }, mode: 420.5 }],
    ['source', null],
    ['outcome', 'undone'],
    ['outcome', null],
    ['voided', 'yes'],
    ['version', undefined],
  ])('protocol: broken where %s is %j', (field, value) => {
    expect(judged({ [field]: value })).toBe('broken');
  });

  it.each([2, 0, '1', null, { major: 1 }, true])('protocol: version %j is somebody’s property', (version) => {
    expect(judgeJournal(JSON.stringify({ version }))).toEqual({ kind: 'otherVersion', version });
  });

  it.each(['', '{', 'null', '7', '[]', '"x"', '{"__proto__":{"version":2}}'])('protocol: %j is broken', (text) => {
    expect(judgeJournal(text)).toEqual({ kind: 'broken' });
  });
});
