import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../src/rules/journal.ts';
import { journalFile, makeJournal, putReceipt, quarantined, receiptFile, receiptsIn } from '../recovery/journals.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { makeCanary } from './canary.ts';
import { useMemory } from './in-memory.ts';

useMemory();

const journalWith = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...makeJournal(), ...fields });
const { source } = makeJournal();
const outsideIds = ['../x', '..', '.', '/etc/x', '../../outside/folder', 'x'.repeat(65), '', 'a/b', 'a\0b', 7, null];

/** Contents that fail the schema of version 1. */
const broken: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['garbage', '\x00\xffgarbage'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"journal"'],
  ['an empty object', '{}'],
  ['a version alone', '{"version":1}'],
  ['half of a journal', journalWith({}).slice(0, 300)],
  ['a byte order mark', `\uFEFF${journalWith({})}`],
  ...['transferId', 'currentId', 'priorId'].flatMap((field) =>
    outsideIds.map((id) => [`${field} ${JSON.stringify(id).slice(0, 24)}`, journalWith({ [field]: id })] as const),
  ),
  ['one session as both', journalWith({ priorId: 'now' })],
  ['a time that is none', journalWith({ createdAt: 'yesterday' })],
  ['a target that was there before', journalWith({ target: { before: { utf8: '{}' }, after: source.after } })],
  ['a source that is no run', journalWith({ source: { ...source, before: { utf8: '[]' } } })],
  ['a source that does not parse', journalWith({ source: { ...source, after: { utf8: '{' } } })],
  ['bytes that are no base64', journalWith({ source: { ...source, before: { base64: '*' } } })],
  ['a mode with file type bits', journalWith({ source: { ...source, mode: 0o120777 } })],
  ['an outcome of its own', journalWith({ outcome: 'won' })],
  ['a version behind __proto__', `{"__proto__":${journalWith({})}}`],
];

/** Contents of versions that this release does not know. */
const foreign: readonly (readonly [string, string])[] = [
  ['version 2', journalWith({ version: 2 })],
  ['version 2 and nothing else', '{"version":2}'],
  ['version 0', '{"version":0}'],
  ['version "1"', journalWith({ version: '1' })],
  ['version null', journalWith({ version: null })],
  ['a version that is an object', journalWith({ version: { major: 1 } })],
];

function project(): { readonly sandbox: Sandbox; readonly canary: ReturnType<typeof makeCanary> } {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putRun('now', liveRun({ active: false }));
  sandbox.putOwnFolder();
  fs.mkdirSync(sandbox.path('.forge-resume', 'receipts'));
  return { sandbox, canary: makeCanary(sandbox) };
}

describe('protocol "Recover": a journal that fails the schema of its own version', () => {
  it.each(broken)(
    'protocol "Recover": %s goes to quarantine as it is, is reported once, and touches no run',
    async (_name, text) => {
      const { sandbox, canary } = project();
      fs.writeFileSync(journalFile(sandbox), text, 'latin1');
      const bytes = fs.readFileSync(journalFile(sandbox), 'utf8');
      const before = sandbox.snapshot();
      canary.arm();
      const result = await sandbox.call({ session: 's1' });
      expect(canary.touched()).toEqual([]);
      expect(result.reason).toBe('current_forge_present');
      expect(result.recovered).toEqual([{ transferId: 'unknown', outcome: 'quarantined' }]);
      expect([...quarantined(sandbox)]).toEqual([['unknown/journal.json', bytes]]);
      expect(runsOf(sandbox.snapshot())).toEqual(runsOf(before));
      expect((await sandbox.call({ session: 's1' })).recovered).toBeUndefined();
    },
  );
});

describe('protocol "Recover": a journal of an unknown version', () => {
  it.each(foreign)('protocol "Recover": %s is a typed error with nothing touched', async (_name, text) => {
    const { sandbox, canary } = project();
    fs.writeFileSync(journalFile(sandbox), text);
    sandbox.declare({ openJournal: true });
    const before = sandbox.snapshot();
    canary.arm();
    const error = await thrownBy(sandbox.call({ session: 's1' }));
    expect(error).toMatchObject({ name: 'ForgeResumeError', code: 'JOURNAL_VERSION' });
    expect(canary.touched()).toEqual([]);
    expect(runsOf(sandbox.snapshot())).toEqual(runsOf(before));
    expect(fs.readFileSync(journalFile(sandbox), 'utf8')).toBe(text);
  });
});

describe('protocol "Receipts": a receipt that is not one', () => {
  /** A run that was handed over, and its copy that came back; the receipt between them holds `text`. */
  async function withReceipt(text: string): Promise<Sandbox> {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', 'third');
    sandbox.putRun('old', liveRun());
    await sandbox.call({ session: 's1' });
    const [receipt] = receiptsIn(sandbox);
    if (receipt === undefined) throw new Error('the transfer left no receipt');
    fs.writeFileSync(receiptFile(sandbox, receipt), text, 'latin1');
    sandbox.putRun('old', liveRun({ iteration: 9 }));
    sandbox.declare({ liveRuns: 2 });
    return sandbox;
  }

  const receiptsBroken = broken.filter(([name]) => !/Id (?!"\.\.\/x)/.test(name));

  it.each(receiptsBroken)('protocol "Receipts": %s proves nothing and is in nobody’s way', async (_name, text) => {
    const sandbox = await withReceipt(text);
    expect((await sandbox.call({ session: 's1' })).reason).toBe('current_forge_active');
    expect((await sandbox.call({ session: 's1', current: 'third' })).reason).toBe('multiple_matching_prior_forges');
    expect(sandbox.run('old')).toEqual(liveRun({ iteration: 9 }));
  });

  it.each(foreign)('protocol "Receipts": %s is never replaced and ends nothing', async (_name, text) => {
    const sandbox = await withReceipt(text);
    const [name] = fs.readdirSync(sandbox.path('.forge-resume', 'receipts'));
    await sandbox
      .call({ session: 's1', current: 'third' })
      .catch((error) => expect(error.code).toBe('JOURNAL_VERSION'));
    expect(sandbox.run('old')).toEqual(liveRun({ iteration: 9 }));
    expect(fs.readFileSync(sandbox.path('.forge-resume', 'receipts', String(name)), 'utf8')).toBe(text);
  });

  it('protocol "Receipts": one under another transfer’s name proves nothing', async () => {
    const sandbox = await withReceipt(JSON.stringify(makeJournal()));
    expect((await sandbox.call({ session: 's1', current: 'third' })).reason).toBe('multiple_matching_prior_forges');
  });

  it('protocol "Receipts": odd names in their folder are passed over', async () => {
    const { sandbox } = project();
    for (const name of [
      '..json',
      '.json',
      'a b.json',
      '-.json',
      '---.json',
      'a-b-c-d-e.json',
      `${'x'.repeat(200)}.json`,
      'x.txt',
    ]) {
      fs.writeFileSync(sandbox.path('.forge-resume', 'receipts', name), '{"version":9}');
    }
    fs.mkdirSync(sandbox.path('.forge-resume', 'receipts', 'a-b-c-d.json'));
    const result = await sandbox.call({ session: 's1', current: 'old' });
    expect(result).toMatchObject({ reason: 'current_forge_active' });
    expect(result.recovered).toBeUndefined();
  });

  it('protocol "Receipts": one that was forged for sessions that never had the run ends nothing', async () => {
    const { sandbox } = project();
    sandbox.putRun('old', liveRun({ started_at: 'another' }));
    putReceipt(sandbox, { priorId: 'old', currentId: 'third' } satisfies Partial<Journal>);
    sandbox.putSessions('fourth');
    expect((await sandbox.call({ session: 's1', current: 'fourth' })).reason).toBe('resumed_same_codex_session');
    expect(sandbox.run('fourth')['started_at']).toBe('another');
  });
});

const runsOf = (snapshot: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(snapshot).filter(([path]) => path.includes('sessions'));
