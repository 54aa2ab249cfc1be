/** The rules and promises that the inspector's page shows, made of the pages that ship. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = ['src/rules/README.md', 'src/store/file/README.md'];

const slug = (title) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** The text between a heading and the next of its rank or above. */
const sections = (page) => {
  const tokens = marked.lexer(readFileSync(join(root, page), 'utf8'));
  return tokens.flatMap((heading, index) => {
    if (heading.type !== 'heading') return [];
    const rest = tokens.slice(index + 1);
    const end = rest.findIndex(({ type, depth }) => type === 'heading' && depth <= heading.depth);
    const body = end === -1 ? rest : rest.slice(0, end);
    return [[slug(heading.text), { title: heading.text, body }]];
  });
};

// Links lead to files that stand beside the page's package and not beside the page: their words stay.
const unlinked = (html) => html.replaceAll(/<a [^>]*>|<\/a>/g, '');

/**
 * The texts of some headings.
 *
 * @param {readonly string[]} anchors - as a renderer makes them of the headings
 * @returns {Record<string, { title: string, html: string }>}
 * @throws {Error} where a page has no such heading
 */
export function ruleTexts(anchors) {
  const all = new Map(pages.flatMap(sections));
  return Object.fromEntries(
    anchors.map((anchor) => {
      const section = all.get(anchor);
      if (section === undefined) throw new Error(`no page has the heading #${anchor}`);
      return [anchor, { title: section.title, html: unlinked(marked.parser(section.body)) }];
    }),
  );
}
