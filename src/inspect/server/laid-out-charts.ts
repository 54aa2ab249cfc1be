import { chartOf } from '../lay-out-chart.ts';

/** How many charts are kept; laying one out takes tenths of a second. */
const mostKept = 8;

/** Charts of recordings that were made with another one than ours, laid out when they are asked for. */
export class LaidOutCharts {
  readonly #kept = new Map<string, Promise<string | undefined>>();
  readonly #closed = new AbortController();

  /**
   * A recording's chart, laid out, as JSON.
   *
   * @param text - the recording's beginning
   * @returns undefined where it holds none, nobody is there to lay it out, or it takes too long
   */
  of(text: string): Promise<string | undefined> {
    // The header differs in each recording; what is drawn is in the second line.
    const [, key = ''] = text.split('\n', 2);
    const known = this.#kept.get(key) ?? this.#layOut(text);
    this.#kept.delete(key);
    this.#kept.set(key, known);
    for (const [oldest] of this.#kept) if (this.#kept.size > mostKept) this.#kept.delete(oldest);
    return known;
  }

  /** Lays out no more; what was asked for and is not there yet is given up. */
  close(): void {
    this.#closed.abort();
  }

  async #layOut(text: string): Promise<string | undefined> {
    const chart = await chartOf(text, { signal: this.#closed.signal });
    return chart && JSON.stringify(chart);
  }
}
