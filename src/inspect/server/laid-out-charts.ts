import { chartOf } from '../lay-out-chart.ts';

/** How many charts are kept; laying one out takes tenths of a second. */
const mostKept = 8;

/** Charts of recordings that were made with another one than ours, laid out when they are asked for. */
export class LaidOutCharts {
  readonly #kept = new Map<string, Promise<string | undefined>>();

  /**
   * A recording's chart, laid out, as JSON.
   *
   * @param text - the recording's beginning
   * @returns undefined where it holds none, or there is nobody to lay it out
   */
  of(text: string): Promise<string | undefined> {
    // The header differs in each recording; what is drawn is in the second line.
    const [, key = ''] = text.split('\n', 2);
    const known = this.#kept.get(key) ?? chartOf(text).then((chart) => chart && JSON.stringify(chart));
    this.#kept.delete(key);
    this.#kept.set(key, known);
    for (const [oldest] of this.#kept) if (this.#kept.size > mostKept) this.#kept.delete(oldest);
    return known;
  }
}
