/** The pages that are shipped, and what tests ask of their text. */
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** The repository. */
export const root = join(import.meta.dirname, '../..');

/** Every page for readers, from the repository's root. */
export const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'machines/README.md',
  'src/call/README.md',
  'src/rules/README.md',
  'src/store/file/README.md',
  'src/store/postgres/README.md',
  'src/testing/README.md',
] as const;

/** A code block. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** The heading that it stands under. */
  readonly heading: string;
}

/** A link, as written. */
export interface Link {
  readonly page: string;
  readonly target: string;
}

/** A page's text. */
export const readPage = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The code blocks of a page, those in lists included, without their indentation. */
export function fencesOf(page: string): Fence[] {
  const fences: Fence[] = [];
  let heading = '';
  let open: { indent: string; language: string; lines: string[] } | undefined;
  for (const line of readPage(page).split('\n')) {
    const [, indent = '', language = ''] = /^( *)```(\w*)$/.exec(line) ?? [];
    const isFence = line.trimStart().startsWith('```');
    if (open === undefined && isFence) open = { indent, language, lines: [] };
    else if (open !== undefined && isFence) {
      fences.push({ language: open.language, text: open.lines.join('\n'), heading });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line.slice(open.indent.length));
    else heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
  }
  return fences;
}

/** A page without its code. */
const proseOf = (page: string): string => readPage(page).replaceAll(/^( *)```\w*\n[\s\S]*?\n\1```$/gm, '');

/** The anchors that a page's headings give, as a renderer makes them. */
export function anchorsOf(page: string): Set<string> {
  const headings = [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  return new Set(headings.map(slug));
}

/** The links and pictures of a page, as written. */
export function linksOf(page: string): Link[] {
  const prose = proseOf(page).replaceAll(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ page, target }));
}

/** Where a relative link leads: a file from the root, and an anchor; empty where there is none. */
export function resolveLink({ page, target }: Link): { readonly file: string; readonly anchor: string } {
  const [path = '', anchor = ''] = target.split('#');
  return { file: path === '' ? page : normalize(join(dirname(page), path)), anchor };
}

/**
 * The first cells of a table, without code marks.
 *
 * @param page - the page
 * @param column - title of the first column, by which the table is found
 */
export function firstColumn(page: string, column: string): string[] {
  const lines = readPage(page).split('\n');
  const start = lines.findIndex(
    (line, index) => line.replaceAll('`', '').startsWith(`| ${column} |`) && lines[index + 1]?.startsWith('| ---'),
  );
  if (start === -1) throw new Error(`${page} has no table of ${column}`);
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) => (line.split('|')[1] ?? '').replaceAll('`', '').trim());
}
