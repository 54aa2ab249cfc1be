import type { ServerResponse } from 'node:http';

/** How often a stream says that it lives, milliseconds: what lies between us and a reader may close a silent one. */
const aliveMs = 15_000;

/** The readers of the server's events. */
export class EventStream {
  readonly #readers = new Set<ServerResponse>();
  readonly #timer = setInterval(() => this.#write(': alive\n\n'), aliveMs).unref();

  /**
   * Makes a response a reader and tells it a first thing.
   *
   * @param response - it stays open
   * @param first - JSON-safe
   */
  add(response: ServerResponse, first: unknown): void {
    response.write(`retry: 1000\n\n${eventOf(first)}`);
    this.#readers.add(response);
    response.once('close', () => this.#readers.delete(response));
  }

  /**
   * Tells all readers.
   *
   * @param what - JSON-safe
   */
  tell(what: unknown): void {
    this.#write(eventOf(what));
  }

  /** Ends all of them. */
  close(): void {
    clearInterval(this.#timer);
    for (const reader of this.#readers) reader.end();
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      // Who does not read is let go: its page asks anew, and gets everything again.
      if (reader.writableLength > mostWaiting) reader.destroy();
      else reader.write(text);
    }
  }
}

/** Most that waits for a reader, bytes. */
const mostWaiting = 4 * 1024 * 1024;

const eventOf = (what: unknown): string => `data: ${JSON.stringify(what)}\n\n`;
