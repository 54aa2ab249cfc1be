import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { anchorsOf, linksOf, pages, resolveLink, root } from './markdown.ts';

/** What `npm pack` would take, without building. */
const packed = (): readonly string[] => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const out = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: 'pipe' });
  const [answer] = Object.values(JSON.parse(out) as Record<string, { files: { path: string }[] }>);
  return answer?.files.map(({ path }) => path) ?? [];
};

const isOutside = (target: string): boolean => /^[a-z]+:/.test(target);

describe('the pages', () => {
  const links = pages.flatMap(linksOf).filter(({ target }) => !isOutside(target));

  it('are all in the package, with everything that they link to', () => {
    const files = packed();
    expect(pages.filter((page) => !files.includes(page))).toEqual([]);
    expect(links.length).toBeGreaterThan(40);
    const lost = links.filter((link) => !files.includes(resolveLink(link).file));
    expect(lost).toEqual([]);
  });

  it('link to headings that are there', () => {
    const toHeadings = links.filter(({ target }) => target.includes('#'));
    expect(toHeadings.length).toBeGreaterThan(20);
    const lost = toHeadings.filter((link) => {
      const { file, anchor } = resolveLink(link);
      return !anchorsOf(file).has(anchor);
    });
    expect(lost).toEqual([]);
  });

  it('are each reached from the README, directly', () => {
    const reached = linksOf('README.md').map((link) => resolveLink(link).file);
    expect(pages.filter((page) => page !== 'README.md' && !reached.includes(page))).toEqual([]);
  });
});
