import { formatMarkdown, type Report } from './report.ts';

const start = '<!-- figures of npm run bench -->';
const end = '<!-- end of figures -->';

/**
 * The README with the figures in their place.
 *
 * @param readme - its text, with both marks in it
 * @param report - what was measured
 */
export function withFigures(readme: string, report: Report): string {
  const [before, rest] = readme.split(start);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error('the README has no place for figures');
  return `${before}${start}\n${formatMarkdown(report)}\n${end}${after}`;
}
