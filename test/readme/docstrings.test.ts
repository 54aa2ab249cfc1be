import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
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

  it.each(['machines/command.ts', 'machines/context.ts', 'machines/contract.ts', 'src/call/options.ts'])(
    'every field of what %s gives to callers says what it is',
    (file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n');
      const fields = lines.flatMap((line, at) => (/^ {2}readonly \w+\??: /.test(line) ? [[lines[at - 1], line]] : []));
      expect(fields.length).toBeGreaterThan(3);
      expect(fields.filter(([above = '']) => !above.endsWith('*/')).map(([, line]) => line)).toEqual([]);
    },
  );

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
