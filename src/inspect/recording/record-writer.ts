import type { Draft } from './draft.ts';
import type { RecordingHeader } from './format.ts';
import { hasLongerText, longestText, plainCopy } from './plain-copy.ts';
import type { RecordingSink } from './sink.ts';

/** What a recording is written with. */
export interface WriterParts {
  readonly header: RecordingHeader;
  readonly sink: RecordingSink;
  /** Time that never goes back, milliseconds, with fractions. */
  readonly clock: () => number;
  /** When the call began, by that clock. */
  readonly since: number;
}

/** Numbers records, cuts their texts and gives them to a sink, the header first. */
export class RecordWriter {
  readonly #parts: WriterParts;
  readonly #limit: number;
  #count = 0;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#limit = parts.header.full ? Number.POSITIVE_INFINITY : longestText;
    parts.sink.write(this.#jsonOf(parts.header));
  }

  /** Milliseconds since the start of the recording, three decimals. */
  readonly now = (): number => Math.round((this.#parts.clock() - this.#parts.since) * 1000) / 1000;

  put(draft: Draft): void {
    this.#number(this.#jsonOf(draft));
  }

  /**
   * Puts the chart of the machine that runs, as of the start.
   *
   * @param states - its states as JSON, which is long and always the same
   */
  putChart(states: string): void {
    this.#number(`{"kind":"chart","t":0,"states":${states}}`);
  }

  flush(): void {
    this.#parts.sink.flush();
  }

  /**
   * Ends the recording.
   *
   * @returns why not everything could be recorded; undefined where it could
   */
  close(): string | undefined {
    return this.#parts.sink.close();
  }

  #number(json: string): void {
    const behindKind = json.indexOf(',');
    // In the text: a copy of the record with one field more would take longer.
    this.#parts.sink.write(`${json.slice(0, behindKind)},"n":${this.#count}${json.slice(behindKind)}`);
    this.#count += 1;
  }

  #jsonOf(value: object): string {
    const json = JSON.stringify(value);
    // Most are shorter as a whole than any text in them may be.
    if (json.length <= this.#limit || !hasLongerText(value, this.#limit)) return json;
    return JSON.stringify(plainCopy(value, this.#limit));
  }
}
