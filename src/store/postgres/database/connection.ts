import { ForgeResumeError } from '../../../errors.ts';
import type { PostgresClient, PostgresPool, PostgresResult } from './driver.ts';

/** SQLSTATEs with which the server ends a connection: idle in a transaction for too long, ended by an operator, going down. */
const endings: readonly string[] = ['25P03', '57P01', '57P02', '57P03', '25P04'];
/** Waited for another's row lock, or lost a deadlock. */
const busy: readonly string[] = ['55P03', '40P01'];
/** Rights that are missing, objects that are not there. */
const unsafe: readonly string[] = ['42501', '42P01', '3F000'];

/** One connection, which is gone for good once it broke. */
export class Connection {
  readonly #client: PostgresClient;
  #isLost = false;
  #isOver = false;
  /** What it broke with: the server's own word comes first, the end of the connection behind it. */
  #why: Error | undefined;
  readonly #onError = (error: Error): void => {
    this.#isLost = true;
    this.#why ??= error;
  };

  private constructor(client: PostgresClient) {
    this.#client = client;
    client.on('error', this.#onError);
  }

  /**
   * Takes a connection.
   *
   * @throws ForgeResumeError `IO` where there is none to be had
   */
  static async open(pool: PostgresPool): Promise<Connection> {
    try {
      return new Connection(await pool.connect());
    } catch (error) {
      throw new ForgeResumeError('IO', 'the database cannot be reached', error);
    }
  }

  /** Whether the connection broke: what it held is free. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Runs one statement, never a named one: a pooler in transaction mode has none.
   *
   * @throws ForgeResumeError `LOCK_LOST` where the connection broke, `SOURCE_BUSY` where a row was held for too long,
   * `STATE_UNSAFE` where rights or tables are missing, else `IO`
   */
  async query(text: string, values?: unknown[]): Promise<PostgresResult> {
    if (this.#isLost || this.#isOver) {
      throw new ForgeResumeError('LOCK_LOST', 'the connection to the database is gone', this.#why);
    }
    try {
      return await this.#client.query(text, values);
    } catch (error) {
      throw this.#judge(error);
    }
  }

  #judge(error: unknown): ForgeResumeError {
    const { code } = error as { code?: unknown };
    const isAnswer = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
    if (!isAnswer || endings.includes(code) || code.startsWith('08')) {
      this.#isLost = true;
      return new ForgeResumeError('LOCK_LOST', 'the connection to the database broke', error);
    }
    if (busy.includes(code)) return new ForgeResumeError('SOURCE_BUSY', 'another client holds the run', error);
    if (unsafe.includes(code)) {
      return new ForgeResumeError(
        'STATE_UNSAFE',
        'the tables are missing or may not be used; run the migrations',
        error,
      );
    }
    return new ForgeResumeError('IO', 'the database refused a statement', error);
  }

  /**
   * Gives the connection back; may be called twice.
   *
   * @param destroy - closes it: a transaction of it may still be open
   */
  close(destroy: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#client.release(destroy || this.#isLost);
    // A closed one may still report how it ended.
    if (!destroy && !this.#isLost) this.#client.off('error', this.#onError);
  }
}
