import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderLimits } from '../../../src/inspect/recording/open-in-folder.ts';
import { reasons } from '../../../src/rules/protocol.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox } from '../../support/sandbox.ts';
import { readAll, readAt, scratchFolder } from './folder.ts';

const isRoot = process.geteuid?.() === 0;

/** A hand-over that is recorded, and must go on whatever becomes of that. */
async function recordTo(record: string) {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  const result = await sandbox.call({ session: 's1', record });
  expect(result).toMatchObject({ reason: reasons.resumed });
  return result.warnings;
}

const names = (folder: string): string[] => fs.readdirSync(folder).sort();
const ours = (index: number): string =>
  `2026-01-02T03-04-05.${String(index).padStart(3, '0')}Z-1-${index.toString(16).padStart(6, '0')}.jsonl`;
const putOurs = (folder: string, index: number, size = 100): string => {
  const path = join(folder, ours(index));
  fs.writeFileSync(path, '{"kind":"header","format":"forge-session-resume-recording"'.padEnd(size));
  return path;
};

describe('a recording in a file', () => {
  it('is readable to its owner alone, and the last call stands', async () => {
    const file = join(scratchFolder(), 'call.jsonl');
    expect(await recordTo(file)).toBeUndefined();
    const first = readAt(file);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(await recordTo(file)).toBeUndefined();
    expect(readAt(file).header.at).not.toBe(first.header.at);
    expect(names(join(file, '..'))).toEqual(['call.jsonl']);
  });

  it('of two calls at once is whole, and one of them', async () => {
    const file = join(scratchFolder(), 'call.jsonl');
    await Promise.all([recordTo(file), recordTo(file), recordTo(file)]);
    expect(readAt(file).records.at(-1)).toMatchObject({ reason: reasons.resumed });
    expect(names(join(file, '..'))).toEqual(['call.jsonl']);
  });

  it.each([
    ['a text of the user', (path: string) => fs.writeFileSync(path, 'my notes')],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    [
      'a link to a text',
      (path: string) => {
        fs.writeFileSync(`${path}.target`, 'my notes');
        fs.symlinkSync(`${path}.target`, path);
      },
    ],
    ['a link that leads nowhere', (path: string) => fs.symlinkSync(`${path}.nowhere`, path)],
  ])('never takes the place of %s', async (_what, put) => {
    const folder = scratchFolder();
    const file = join(folder, 'call.jsonl');
    put(file);
    const before = [names(folder), fs.lstatSync(file, { bigint: true }).ino];
    expect(await recordTo(file)).toEqual([expect.stringMatching(/^not recorded: .*no recording of ours$/)]);
    expect([names(folder), fs.lstatSync(file, { bigint: true }).ino]).toEqual(before);
  });

  it.each([
    ['no such folder', (folder: string) => join(folder, 'none', 'call.jsonl'), /ENOENT/],
    [
      'a file for a folder',
      (folder: string) => {
        fs.writeFileSync(join(folder, 'file'), '');
        return join(folder, 'file', 'call.jsonl');
      },
      /ENOTDIR/,
    ],
    ['a full disk', () => '/dev/full', /no recording of ours/],
    ['nothing named', () => 'x'.repeat(5_000), /ENAMETOOLONG/],
  ])('where there is %s: the call goes on and says so', async (_what, make, said) => {
    expect(await recordTo(make(scratchFolder()))).toEqual([expect.stringMatching(said)]);
  });
});

describe('recordings in a folder', () => {
  it('get a name of their own each, and the folder is made if it is named as one', async () => {
    const folder = join(scratchFolder(), 'deep', 'calls');
    for (let count = 0; count < 3; count += 1) expect(await recordTo(`${folder}/`)).toBeUndefined();
    expect(await recordTo(folder)).toBeUndefined();
    expect(readAll(folder)).toHaveLength(4);
    for (const name of names(folder)) {
      expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-\d+-[0-9a-f]{6}\.jsonl$/);
      expect(name).toContain(`-${process.pid}-`);
    }
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  });

  it(`are ${folderLimits.files} at most, the oldest tenth goes first`, async () => {
    const folder = scratchFolder();
    for (let index = 1; index < folderLimits.files; index += 1) putOurs(folder, index);
    expect(await recordTo(folder)).toBeUndefined();
    expect(names(folder)).toHaveLength(folderLimits.files);
    expect(await recordTo(folder)).toBeUndefined();
    expect(names(folder)).toHaveLength(folderLimits.files * 0.9);
    expect(names(folder)[0]).toBe(ours(22));
  });

  it('of others are seen in time by a process that does not look at each of its own', async () => {
    const folder = scratchFolder();
    expect(await recordTo(folder)).toBeUndefined();
    for (let index = 0; index < folderLimits.files; index += 1) putOurs(folder, index);
    for (let count = 0; count < 21; count += 1) expect(await recordTo(folder)).toBeUndefined();
    expect(names(folder).length).toBeLessThanOrEqual(folderLimits.files);
  });

  it(`are ${folderLimits.bytes} bytes at most`, async () => {
    const folder = scratchFolder();
    for (let index = 0; index < 5; index += 1) putOurs(folder, index, folderLimits.bytes / 4);
    expect(await recordTo(folder)).toBeUndefined();
    expect(names(folder).slice(0, -1)).toEqual([2, 3, 4].map(ours));
    const sizes = names(folder).map((name) => fs.statSync(join(folder, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(folderLimits.bytes);
  });

  it('nothing goes that is not exactly ours', async () => {
    const folder = scratchFolder();
    for (let index = 0; index < folderLimits.files; index += 1) putOurs(folder, 500 + index);
    const foreign = {
      'notes.jsonl': 'notes',
      [ours(1)]: 'a name like ours, and a content that is not',
      [`${ours(2)}.bak`]: '{"kind":"header","format":"forge-session-resume-recording"',
    };
    for (const [name, text] of Object.entries(foreign)) fs.writeFileSync(join(folder, name), text);
    fs.mkdirSync(join(folder, ours(3)));
    fs.symlinkSync(join(folder, 'notes.jsonl'), join(folder, ours(4)));
    execFileSync('mkfifo', [join(folder, ours(5))]);
    const kept = [...Object.keys(foreign), ...[3, 4, 5].map(ours)];
    expect(await recordTo(folder)).toBeUndefined();
    expect(names(folder)).toEqual(expect.arrayContaining(kept));
    expect(names(folder)).toHaveLength(folderLimits.files * 0.9 + kept.length);
    expect(fs.readFileSync(join(folder, 'notes.jsonl'), 'utf8')).toBe('notes');
  });

  it.skipIf(!isRoot)("are not made in another user's folder", async () => {
    const folder = scratchFolder();
    fs.chownSync(folder, 12_345, 12_345);
    expect(await recordTo(folder)).toEqual([expect.stringMatching(/belongs to another user$/)]);
    expect(names(folder)).toEqual([]);
  });

  it('go where a link of the user leads', async () => {
    const folder = scratchFolder();
    fs.mkdirSync(join(folder, 'there'));
    fs.symlinkSync(join(folder, 'there'), join(folder, 'link'));
    expect(await recordTo(join(folder, 'link'))).toBeUndefined();
    expect(readAll(join(folder, 'there'))).toHaveLength(1);
  });

  it.each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a file', (path: string) => fs.writeFileSync(path, '')],
    ['a link that leads nowhere', (path: string) => fs.symlinkSync('/nonexistent/folder', path)],
  ])('are not made where %s stands in its place', async (_what, put) => {
    const folder = join(scratchFolder(), 'calls');
    put(folder);
    expect(await recordTo(`${folder}/`)).toEqual([expect.stringMatching(/^not recorded: /)]);
    expect(names(join(folder, '..'))).toEqual(['calls']);
  });
});
