import type { Draft } from './draft.ts';
import type { FlatRecord, RecordingHeader, RecordingRecord } from './format.ts';
import { longestText, plainCopy } from './plain-copy.ts';
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
    this.#write(parts.header);
  }

  /** Milliseconds since the start of the recording, three decimals. */
  readonly now = (): number => Math.round((this.#parts.clock() - this.#parts.since) * 1000) / 1000;

  put(draft: Draft): void {
    const { kind, t = this.now(), ...rest } = draft;
    this.#write({ kind, n: this.#count, t, ...rest } as FlatRecord);
    this.#count += 1;
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

  #write(record: RecordingRecord): void {
    const json = JSON.stringify(record);
    // Most are shorter as a whole than any text in them may be.
    this.#parts.sink.write(json.length > this.#limit ? JSON.stringify(plainCopy(record, this.#limit)) : json);
  }
}
