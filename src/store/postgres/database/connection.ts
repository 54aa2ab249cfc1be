import { ForgeResumeError } from '../../../errors.ts';
import { answerLimitMs, type PostgresClient, type PostgresPool, type PostgresResult } from './driver.ts';

/** SQLSTATEs with which the server ends a connection: idle in a transaction for too long, ended by an operator, going down. */
const endings: readonly string[] = ['25P03', '57P01', '57P02', '57P03', '25P04'];
/** Waited for another's row lock, or lost a deadlock. */
const busy: readonly string[] = ['55P03', '40P01'];
/** Rights that are missing; tables, columns or a schema that are not there. */
const unsafe: readonly string[] = ['42501', '42P01', '42703', '3F000'];

/** One connection, which is gone for good once it broke. */
export class Connection {
  readonly #client: PostgresClient;
  readonly #limitMs: number;
  #isLost = false;
  #isOver = false;
  /** Every statement queues behind the last one, pings too. */
  readonly #onError = (): void => {
    this.#isLost = true;
  };

  private constructor(client: PostgresClient, limitMs: number) {
    this.#client = client;
    this.#limitMs = limitMs;
    client.on('error', this.#onError);
  }

  /**
   * Takes a connection.
   *
   * @param pool - hands it out
   * @param limitMs - how long that, and each answer, may take, milliseconds; 0: for ever
   * @throws ForgeResumeError `IO` where there is none to be had
   */
  static async open(pool: PostgresPool, limitMs = answerLimitMs): Promise<Connection> {
    try {
      const client = await (limitMs === 0 ? pool.connect() : connectWithin(pool, limitMs));
      return new Connection(client, limitMs);
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
   * @throws ForgeResumeError `LOCK_LOST` where the connection broke or the server is silent, `SOURCE_BUSY` where a row was
   * held for too long, `STATE_UNSAFE` where rights or tables are missing, else `IO`
   */
  async query(text: string, values?: unknown[]): Promise<PostgresResult> {
    return (await this.#query(text, values)) as PostgresResult;
  }

  /**
   * Runs several statements that have no values, in one message.
   *
   * @returns one result each
   * @throws ForgeResumeError as {@link query} does; those before the one that failed stand as their transaction says
   */
  async queries(text: string): Promise<readonly PostgresResult[]> {
    return (await this.#query(text)) as PostgresResult[];
  }

  async #query(text: string, values?: unknown[]): Promise<PostgresResult | PostgresResult[]> {
    if (this.#isLost || this.#isOver) throw new ForgeResumeError('LOCK_LOST', 'the connection to the database is gone');
    try {
      // Not of the pool, which may be the caller's.
      return await this.#client.query({ text, values, query_timeout: this.#limitMs });
    } catch (error) {
      throw this.#judge(error);
    }
  }

  #judge(error: unknown): ForgeResumeError {
    // Only what the server says has a severity; EPIPE looks like one of its codes.
    const { code, severity } = error as { code?: unknown; severity?: unknown };
    const isAnswer = typeof code === 'string' && typeof severity === 'string';
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

/** A pool of the caller's may wait for ever; a connection that comes too late goes back. */
async function connectWithin(pool: PostgresPool, limitMs: number): Promise<PostgresClient> {
  const connecting = pool.connect();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no connection within ${limitMs} ms`));
      connecting.then((client) => client.release()).catch(() => undefined);
    }, limitMs);
  });
  return Promise.race([connecting, late]).finally(() => clearTimeout(timer));
}
