import type { ChartGeometry } from '../graph/layout/chart-geometry.ts';

/** What the page is given with its HTML. */
export type PageData =
  /** It stands before a server that tells it the rest. */
  | { readonly mode: 'served' }
  /** It is a file: everything is in it. */
  | {
      readonly mode: 'file';
      readonly runs: readonly { readonly name: string; readonly text: string }[];
      /** The chart of the runs where it is not ours, laid out. */
      readonly chart?: ChartGeometry | undefined;
      /** Whether it offers at once to hand its run to the hosted inspector. */
      readonly handOver?: boolean;
    };

/** Where the data go; the build leaves nothing between. */
const slot = ['<script type="application/json" id="data">', '</script>'] as const;

/**
 * Puts data into the page. They stand there as text that cannot end the element that holds them.
 *
 * @param template - the page as it was built
 * @param data - what it is given
 * @returns the page
 * @throws Error where the template has no place for data
 */
export function fillPage(template: string, data: PageData): string {
  const [before, after, ...more] = template.split(slot.join(''));
  if (before === undefined || after === undefined || more.length > 0) throw new Error('the page has no place for data');
  const text = JSON.stringify(data).replaceAll('<', '\\u003c');
  return [before, slot[0], text, slot[1], after].join('');
}

/**
 * The content security policy of the page as it was built, with the hashes of its script and style.
 *
 * @param template - the page as it was built
 * @throws Error where it has none
 */
export function policyOf(template: string): string {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(template) ?? [];
  if (policy === undefined) throw new Error('the page has no content security policy');
  return policy;
}
