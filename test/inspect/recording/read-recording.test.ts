import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { resumePaths } from '../../../src/graph/paths.ts';
import { firstDifference } from '../../../src/inspect/recording/first-difference.ts';
import type { FlatRecord, Recording } from '../../../src/inspect/recording/format.ts';
import { readRecording } from '../../../src/inspect/recording/read-recording.ts';
import { replay } from '../../../src/inspect/recording/replay.ts';
import { walkedPath } from '../../../src/inspect/recording/walked-path.ts';
import { recordPath } from './record-path.ts';

let whole: Recording;
let other: Recording;
let text: string;
beforeAll(async () => {
  const [path] = resumePaths({ to: 'resumed_same_codex_session' });
  const [second] = resumePaths({ to: 'multiple_matching_prior_forges' });
  if (path === undefined || second === undefined) throw new Error('no such path');
  const { records, recording } = await recordPath(path);
  whole = recording;
  other = (await recordPath(second)).recording;
  text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
});

const read = (content: string): Recording & { notes: readonly string[] } => {
  const result = readRecording(content);
  if (result.kind === 'refused') throw new Error(result.why);
  return { ...result.recording, notes: result.notes };
};
const line = (record: object): string => `${JSON.stringify(record)}\n`;
const withHeader = (fields: object): string =>
  line({ ...whole.header, ...fields }) + text.slice(text.indexOf('\n') + 1);

const withInput = (fields: object): string => withHeader({ input: { ...whole.header.input, ...fields } });
/** JSON that can be read and neither written nor gone through. */
const deep = `${'['.repeat(501)}${']'.repeat(501)}`;

describe('reading a recording', () => {
  it('gives back what was recorded, with line ends and a byte order mark of any editor', () => {
    expect(read(text)).toEqual({ ...whole, notes: [] });
    expect(read(`\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual({ ...whole, notes: [] });
  });

  it('cut off anywhere behind its header, gives the records that are whole, and says so', () => {
    const start = text.indexOf('\n') + 1;
    for (let at = start; at < text.length - 1; at += 7) {
      const { records, notes } = read(text.slice(0, at));
      const lines = text.slice(start, at).split('\n').length - 1;
      expect([lines, lines + 1]).toContain(records.length);
      expect(records).toEqual(whole.records.slice(0, records.length));
      if (records.length < whole.records.length) expect(notes).toEqual(['the recording was cut off: it has no end']);
    }
  });

  it.each([
    [
      'a newer version',
      () => withHeader({ version: 2 }),
      /version 2, and this package reads version 1: a newer package/,
    ],
    ['an odd version', () => withHeader({ version: 'one' }), /version of this recording is not known/],
    ['another format', () => withHeader({ format: 'har' }), /no recording of forge-session-resume/],
    ['no header', () => text.slice(text.indexOf('\n') + 1), /no recording of forge-session-resume/],
    ['nothing', () => '', /no recording of forge-session-resume/],
    ['half a header', () => text.slice(0, 60), /no recording of forge-session-resume/],
    ['a header that lacks its host', () => withHeader({ host: null }), /header of this recording lacks something/],
    ['a header with an odd event', () => withHeader({ event: {} }), /header of this recording lacks something/],
    ['a header with odd hooks', () => withInput({ hooks: 'afterCommit' }), /header of this recording lacks something/],
    ['a header with an odd command', () => withInput({ command: { kind: {} } }), /header of this recording lacks/],
    ['a header that is nested too deep', () => withInput({ more: JSON.parse(deep) }), /no recording of forge-session/],
  ])('refuses %s in words', (_what, make, why) => {
    expect(readRecording(make())).toEqual({ kind: 'refused', why: expect.stringMatching(why) });
  });

  it('passes over what a later package adds, and notes what is no record', () => {
    const [header = '', ...rest] = text.split('\n');
    const later = [header, JSON.stringify({ kind: 'later', n: 0, t: 0 }), 'rubbish', '[]', '{"kind":"step"}', ...rest];
    const { records, notes } = read(later.join('\n'));
    expect(records).toEqual(whole.records);
    expect(notes).toEqual(['line 3 is no record', 'line 4 is no record', 'line 5 is no record']);
  });

  it('takes a value of 500 levels, and no record that is nested deeper', () => {
    const [header = '', first = ''] = text.split('\n');
    const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    // The record itself is a level.
    const record = (levels: number): string => `${first.slice(0, -1)},"more":${nested(levels - 1)}}`;
    expect(read(`${header}\n${record(500)}\n`).notes).toEqual(['the recording was cut off: it has no end']);
    expect(read(`${header}\n${record(501)}\n`).notes).toContain('line 2 is no record');
    expect(read(`${header}\n${record(50_000)}\n`).records).toEqual([]);
  });

  it('stands whatever a file holds, and so do replay, path and comparison', () => {
    const hostile = fc.oneof(
      fc.jsonValue(),
      fc.constantFrom<unknown>(
        '__proto__',
        null,
        [],
        { kind: null },
        { phase: { toString: 1 } },
        '</script>',
        '\u2028',
        1e308,
      ),
    );
    const spoilt = fc
      .tuple(
        fc.nat(whole.records.length - 1),
        fc.constantFrom(
          'event',
          'actor',
          'output',
          'code',
          'to',
          'from',
          'guards',
          'changes',
          'kind',
          'n',
          't',
          'transition',
          'state',
          'reason',
        ),
        hostile,
      )
      .map(([index, key, value]) => ({ index, key, value }));
    fc.assert(
      fc.property(fc.array(spoilt, { minLength: 1, maxLength: 4 }), (changes) => {
        const records: FlatRecord[] = [...whole.records];
        for (const { index, key, value } of changes) {
          records[index] = { ...records[index], [key]: value } as unknown as FlatRecord;
        }
        const recording = read(line(whole.header) + records.map(line).join(''));
        const { verdict, states } = replay(recording);
        expect(['same', 'other', 'stuck', 'unfinished']).toContain(verdict);
        expect(states[0]).toBe('look');
        walkedPath(recording);
        firstDifference(recording, whole);
      }),
      { numRuns: 500, examples: [[[{ index: 4, key: 'output', value: { phase: { toString: 1 } } }]]] },
    );
  });
});

describe('replay', () => {
  const change = (index: number, fields: object): Recording => ({
    ...whole,
    records: whole.records.map((record, at) => (at === index ? ({ ...record, ...fields } as FlatRecord) : record)),
  });
  const at = (event: string): number => whole.records.findIndex((one) => one.kind === 'step' && one.event === event);

  it('says where a machine that decides otherwise goes another way', () => {
    const index = at('xstate.done.actor.scanCandidates');
    const none = change(index, { output: { kind: 'scanned', candidates: [], copies: [] } });
    expect(replay(none)).toMatchObject({
      verdict: 'other',
      output: { reason: 'no_matching_prior_forge' },
      differsAt: { n: whole.records[index]?.n, recorded: 'locked.transfer.prepare', today: 'release' },
    });
  });

  it('is stuck where the recording has no answer, and unfinished where it was cut off', () => {
    const missing = {
      ...whole,
      records: whole.records.filter((_, index) => index !== at('xstate.done.actor.recover')),
    };
    expect(replay(missing)).toMatchObject({ verdict: 'stuck', output: null });
    expect(replay({ ...whole, records: whole.records.slice(0, 12) })).toMatchObject({
      verdict: 'unfinished',
      output: null,
    });
  });

  it('says so where the decision is another', () => {
    const end = whole.records.length - 1;
    const recorded = whole.records[end];
    const output = recorded?.kind === 'end' ? { ...recorded.output, updatedOwner: true } : null;
    expect(replay(change(end, { output }))).toMatchObject({ verdict: 'other', differsAt: null });
  });
});

describe('firstDifference', () => {
  it('finds where two calls part, whatever their ids and times', () => {
    const parted = firstDifference(whole, other);
    expect(parted).toMatchObject({ what: 'guards', left: { from: 'locked.scanCandidates' }, right: { to: 'release' } });
    const renamed = JSON.parse(JSON.stringify(whole).replaceAll('"old"', '"older"')) as Recording;
    expect(firstDifference(whole, renamed)).toBeNull();
  });

  it('says that one of them is over', () => {
    const cut = { ...whole, records: whole.records.slice(0, 9) };
    expect(firstDifference(whole, cut)).toMatchObject({ what: 'length', right: null });
  });
});
