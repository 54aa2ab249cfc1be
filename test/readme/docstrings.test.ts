import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EntryFaults, faultsOf } from '../support/public-types.ts';
import { anchorsOf, pages, root } from './markdown.ts';

interface Comment {
  readonly file: string;
  /** On one line, without its marks. */
  readonly text: string;
}

const sources = ['src', 'machines'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name))),
);

const comments = sources.flatMap((file): Comment[] => {
  const code = readFileSync(join(root, file), 'utf8');
  const found = code.match(/\/\*\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n)+/gm) ?? [];
  return found.map((text) => ({
    file,
    text: text.replaceAll(/^[ \t]*(\/\*\*|\*\/|\*|\/\/)/gm, '').replaceAll(/\s+/g, ' '),
  }));
});

/** The numbers in "rule 7", "rules 3 and 7", "rules 2 to 5". */
const numbersAfter = (word: string, text: string): string[] =>
  [...text.matchAll(new RegExp(`\\b${word}s? (\\d+(?:(?:, | and | to |-)\\d+)*)`, 'g'))].flatMap(
    ([, list = '']) => list.match(/\d+/g) ?? [],
  );

describe('comments in the sources that are shipped', () => {
  it.each([
    ['rule', 'src/rules/README.md'],
    ['promise', 'src/store/file/README.md'],
  ])('a %s that is named by its number is linked to in the same comment', (word, page) => {
    const lost = comments.filter(({ text }) =>
      numbersAfter(word, text).some((number) => !text.includes(`${page}#${word}-${number}-`)),
    );
    expect(lost).toEqual([]);
  });

  it('send nobody to a page that is not shipped', () => {
    expect(comments.filter(({ text }) => /\b(spec|protocol|design)\.md\b/.test(text))).toEqual([]);
  });

  it('link to pages and headings that are there', () => {
    const links = comments.flatMap(({ file, text }) =>
      [...text.matchAll(/([\w./-]*README\.md)(?:#([\w-]+))?/g)].map(([, page = '', anchor]) => ({
        file,
        page,
        anchor,
      })),
    );
    expect(links.length).toBeGreaterThan(100);
    const lost = links.filter(
      ({ page, anchor }) =>
        !(pages as readonly string[]).includes(page) || (anchor !== undefined && !anchorsOf(page).has(anchor)),
    );
    expect(lost).toEqual([]);
  });
});

describe('what callers import', () => {
  const entries = ['src/index.ts', 'src/machine.ts', 'src/postgres.ts', 'src/schemas.ts', 'src/testing/index.ts'];
  let faults: ReadonlyMap<string, EntryFaults>;
  beforeAll(() => {
    faults = faultsOf(entries);
  }, 60_000);

  it('is what package.json says', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const types = Object.values<{ types?: string }>(exports).flatMap((entry) => entry.types ?? []);
    expect(types).toEqual(entries.map((entry) => `./dist/types/${entry.replace(/ts$/, 'd.ts')}`));
  });

  it.each(entries)('%s: everything, and every field of its types, says what it is', (entry) => {
    expect(faults.get(entry)?.fields).toBeGreaterThan(10);
    expect(faults.get(entry)?.bare).toEqual([]);
  });

  it.each(entries)('%s: what its types name can be imported there too', (entry) => {
    expect(faults.get(entry)?.unnamed).toEqual([]);
  });
});
