import { ForgeResumeError } from '../../../errors.ts';
import { answerWithin, Silence } from './answer-within.ts';
import { answerLimitMs, type PostgresClient, type PostgresPool, type PostgresResult } from './driver.ts';

/** SQLSTATEs with which the server ends a connection: idle in a transaction for too long, ended by an operator, going down. */
const endings: readonly string[] = ['25P03', '57P01', '57P02', '57P03', '25P04'];
/** Waited for another's row lock, or lost a deadlock. */
const busy: readonly string[] = ['55P03', '40P01'];
/** Objects that are not there, rights that are missing, a server that only reads. */
const unsafe: Readonly<Record<string, string>> = {
  '42P01': 'the database has not all tables',
  '42703': 'the database has not all tables',
  '3F000': 'the database has not all tables',
  // Our functions come with them.
  '42883': 'the database has not all tables',
  '42501': 'the database refuses its user a right',
  '25006': 'the database only reads: it is a standby, or made so',
  // Of what we ask, only the timeline is refused so.
  '55000': 'the database only reads: it is a standby',
  // BEGIN asks for a transaction that writes.
  '0A000': 'the database only reads: it is a standby',
};

/** One connection, which is gone for good once it broke. */
export class Connection {
  readonly #client: PostgresClient;
  readonly #limitMs: number;
  #isLost = false;
  #isSilent = false;
  #isOver = false;
  /** Every statement waits for the one before, pings too: `pg` warns of those that queue, and an agent sees that. */
  #last: Promise<unknown> = Promise.resolve();
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
      const connecting = pool.connect();
      const client = await answerWithin(connecting, limitMs).catch((error: unknown) => {
        // One that comes too late goes back.
        connecting.then((late) => late.release()).catch(() => undefined);
        throw error;
      });
      return new Connection(client, limitMs);
    } catch (error) {
      throw new ForgeResumeError('IO', 'the database cannot be reached', error);
    }
  }

  /** Whether the connection broke: what it held is free. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether it is given up because the server said nothing. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  /**
   * Runs one statement, never a named one: a pooler in transaction mode has none.
   *
   * @param text - the statement
   * @param values - of its parameters
   * @param limitMs - how long its answer may take, milliseconds; 0: for ever; default: as for all
   * @throws ForgeResumeError `LOCK_LOST` where the connection broke or the server is silent, `SOURCE_BUSY` where a row was
   * held for too long, `STATE_UNSAFE` where rights or tables are missing, else `IO`
   */
  async query(text: string, values?: unknown[], limitMs = this.#limitMs): Promise<PostgresResult> {
    return (await this.#query(text, values, limitMs)) as PostgresResult;
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

  async #query(text: string, values?: unknown[], limitMs = this.#limitMs): Promise<PostgresResult | PostgresResult[]> {
    const answer = this.#last.then(() => this.#send(text, values, limitMs));
    this.#last = answer.catch(() => undefined);
    return await answer;
  }

  async #send(
    text: string,
    values: unknown[] | undefined,
    limitMs: number,
  ): Promise<PostgresResult | PostgresResult[]> {
    if (this.#isLost || this.#isOver) throw new ForgeResumeError('LOCK_LOST', 'the connection to the database is gone');
    try {
      // The limit is not the pool's, which may be the caller's.
      return await answerWithin(this.#client.query({ text, values }), limitMs);
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
      this.#isSilent = error instanceof Silence;
      return new ForgeResumeError('LOCK_LOST', 'the connection to the database broke', error);
    }
    if (busy.includes(code)) return new ForgeResumeError('SOURCE_BUSY', 'another client holds the run', error);
    const isUnsafe = unsafe[code];
    if (isUnsafe !== undefined) return new ForgeResumeError('STATE_UNSAFE', isUnsafe, error);
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
