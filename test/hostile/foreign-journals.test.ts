import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leftBehind } from '../../src/rules/trail.ts';
import { journalFile, makeJournal, putOwn, quarantined } from '../recovery/journals.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { makeCanary } from './canary.ts';
import { useMemory } from './in-memory.ts';

useMemory();

const journalWith = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ ...makeJournal(), ...fields });
const outsideIds = ['../x', '..', '.', '/etc/x', '../../outside/folder', 'x'.repeat(65), '', 'a/b', 'a\0b', 7, null];

/** Contents that fail the schema of our version. */
const broken: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['garbage', '\x00\xffgarbage'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"journal"'],
  ['an empty object', '{}'],
  ['a version alone', '{"version":2}'],
  ['half of a journal', journalWith({}).slice(0, 300)],
  ['a byte order mark', `\uFEFF${journalWith({})}`],
  ...['transferId', 'source', 'target'].flatMap((field) =>
    outsideIds.map((id) => [`${field} ${JSON.stringify(id).slice(0, 24)}`, journalWith({ [field]: id })] as const),
  ),
  ['another session than in its name', journalWith({ source: 'other' })],
  ['a time that is none', journalWith({ at: 'yesterday' })],
  ['a target that is no run', journalWith({ targetAfter: { utf8: '[]' } })],
  ['a target that does not parse', journalWith({ targetAfter: { utf8: '{' } })],
  ['bytes that are no base64', journalWith({ targetBefore: { base64: '*' } })],
  ['a companion outside', journalWith({ companions: [{ name: '../x', sha256: 'a'.repeat(64) }] })],
  ['a version behind __proto__', `{"__proto__":${journalWith({})}}`],
];

/** Contents of versions that this release does not know. */
const foreign: readonly (readonly [string, string])[] = [
  ['version 3', journalWith({ version: 3 })],
  ['version 3 and nothing else', '{"version":3}'],
  ['version 0', '{"version":0}'],
  ['version "2"', journalWith({ version: '2' })],
  ['version null', journalWith({ version: null })],
  ['a version that is an object', journalWith({ version: { major: 1 } })],
];

function project(): { readonly sandbox: Sandbox; readonly canary: ReturnType<typeof makeCanary> } {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putRun('now', liveRun({ active: false }));
  sandbox.putOwnFolder();
  return { sandbox, canary: makeCanary(sandbox) };
}

describe('protocol "Recover": a journal that fails the schema of its own version', () => {
  it.each(broken)(
    'protocol "Recover": %s goes to quarantine as it is, is reported once, and touches no run',
    async (_name, text) => {
      const { sandbox, canary } = project();
      putOwn(journalFile(sandbox), '');
      fs.writeFileSync(journalFile(sandbox), text, 'latin1');
      const bytes = fs.readFileSync(journalFile(sandbox), 'utf8');
      const before = sandbox.snapshot();
      canary.arm();
      const result = await sandbox.call({ session: 's1' });
      expect(canary.touched()).toEqual([]);
      expect(result.reason).toBe('current_forge_present');
      expect(result.recovered).toEqual([{ transferId: 'unknown', outcome: 'quarantined' }]);
      expect([...quarantined(sandbox)]).toEqual([['old-unknown', bytes]]);
      expect(runsOf(sandbox.snapshot())).toEqual(runsOf(before));
      expect((await sandbox.call({ session: 's1' })).recovered).toBeUndefined();
    },
  );
});

describe('protocol "Recover": a journal of an unknown version', () => {
  it.each(foreign)('protocol "Recover": %s is a typed error with nothing touched', async (_name, text) => {
    const { sandbox, canary } = project();
    putOwn(journalFile(sandbox), text);
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

describe('promise 8: names in the folder of journals that are not ours', () => {
  it('promise 8: are passed over, never read and never removed', async () => {
    const { sandbox, canary } = project();
    const names = [
      '..json',
      '.json',
      'a b.c.json',
      'a.json',
      'a.b.c.json',
      'a.a.json',
      'x.txt',
      `${'x'.repeat(200)}.json`,
    ];
    const paths = names.map((name) => sandbox.path('.forge-resume', 'journal', name));
    for (const path of paths) putOwn(path, '{"version":9}');
    const folder = sandbox.path('.forge-resume', 'journal', 'a.b.json.d');
    fs.mkdirSync(folder);
    sandbox.declare({ own: new Set([...paths, folder]) });
    canary.arm();
    const result = await sandbox.call({ session: 's1', current: 'old' });
    expect(result).toMatchObject({ reason: 'current_forge_active' });
    expect(result.recovered).toBeUndefined();
    expect(canary.touched()).toEqual([]);
    for (const path of paths) expect(fs.readFileSync(path, 'utf8')).toBe('{"version":9}');
  });
});

describe('protocol "Trails": a trail that was forged', () => {
  const trail = (sandbox: Sandbox, id: string): string => sandbox.path('.forge-resume', 'trails', `${id}.json`);

  it.each(['nobody', 'old', 'third'])('protocol "Trails": with %s as its keeper ends nothing', async (keeper) => {
    const { sandbox } = project();
    putOwn(trail(sandbox, 'old'), JSON.stringify(leftBehind(keeper, undefined)));
    putOwn(trail(sandbox, 'third'), JSON.stringify(leftBehind('old', undefined)));
    sandbox.putSessions('fourth');
    expect((await sandbox.call({ session: 's1', current: 'fourth' })).reason).toBe('resumed_same_codex_session');
    expect(sandbox.run('fourth')['active']).toBe(true);
  });

  it('protocol: what the first build left is passed over, never read, never removed', async () => {
    const { sandbox } = project();
    const left = ['journal.json', 'receipts/a-b-c-d.json', 'tmp/run.1.x'].map((name) =>
      sandbox.path('.forge-resume', name),
    );
    for (const path of left) putOwn(path, '{"version":1}');
    const times = left.map((path) => fs.statSync(path).mtimeMs);
    sandbox.putSessions('fourth');
    expect((await sandbox.call({ session: 's1', current: 'fourth' })).reason).toBe('resumed_same_codex_session');
    expect(left.map((path) => fs.statSync(path).mtimeMs)).toEqual(times);
    for (const path of left) expect(fs.readFileSync(path, 'utf8')).toBe('{"version":1}');
  });
});

const runsOf = (snapshot: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(snapshot).filter(([path]) => path.includes('sessions'));
