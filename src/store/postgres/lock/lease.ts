import { lockLost } from '../../../../machines/guards.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { Connection } from '../database/connection.ts';
import { answerLimitMs, type PostgresPool, type PostgresResult } from '../database/driver.ts';
import { refuseNewer } from '../database/migrate.ts';
import { schema } from '../database/migrations.ts';

/** The class of our advisory locks; the other half of the key is the project's number. */
const lockClass = 1_718_580_083;

/** What one attempt came to. */
export type Attempt = 'held' | 'busy' | 'storeMissing';

/**
 * The lock of one call: a transaction that holds the project's advisory lock, which ends with it however it ends. The
 * server ends it as well where its holder stands still for longer than the limit; so whoever comes late writes nothing.
 */
export class Lease {
  readonly #pool: PostgresPool;
  readonly #project: string;
  readonly #limitMs: number;
  #connection: Connection | undefined;
  #isOpen = false;
  /** Whether the open transaction has the lock: another call may have been faster behind a COMMIT. */
  #isHeld = false;
  /** The project's number; 0 while the lock is not held. */
  project = 0;
  /** The instant of the call by the server's clock, ISO 8601. */
  now = '';
  /** The same, epoch milliseconds. */
  nowMs = 0;

  constructor(pool: PostgresPool, project: string, limitMs: number) {
    this.#pool = pool;
    this.#project = project;
    this.#limitMs = Math.max(1, Math.round(limitMs));
  }

  /**
   * Tries the lock once.
   *
   * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, `JOURNAL_VERSION`
   */
  async attempt(): Promise<Attempt> {
    if (this.#isOpen) await this.rollback();
    try {
      return await this.#attempt(await this.#connect());
    } catch (error) {
      // There is no lock yet that could be lost.
      if (lockLost(error)) throw new ForgeResumeError('IO', 'the database cannot be reached', error);
      throw error;
    }
  }

  async #attempt(connection: Connection): Promise<Attempt> {
    await connection.query(this.#begin);
    this.#isOpen = true;
    const { rows: versions } = await connection.query(`SELECT max(version) AS version FROM ${schema}.migration`);
    refuseNewer(versions[0].version);
    const { rows } = await connection.query(
      `SELECT id, pg_try_advisory_xact_lock(${lockClass}, id) AS held,
         to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now
       FROM ${schema}.project WHERE name = $1`,
      [this.#project],
    );
    const [row] = rows;
    if (row?.held === true) {
      this.#isHeld = true;
      this.project = row.id;
      this.now = row.now;
      this.nowMs = Date.parse(row.now);
      return 'held';
    }
    await this.rollback();
    return row === undefined ? 'storeMissing' : 'busy';
  }

  /** Not as start-up parameters, which a pooler refuses. */
  get #begin(): string {
    const limits = {
      idle_in_transaction_session_timeout: this.#limitMs,
      statement_timeout: answerLimitMs,
      // The server gives up first, and says what it waited for.
      lock_timeout: answerLimitMs / 2,
    };
    const settings = Object.entries(limits).map(([name, ms]) => `SET LOCAL ${name} = ${ms}`);
    return ['BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE', ...settings].join('; ');
  }

  /**
   * The connection that holds the lock.
   *
   * @throws ForgeResumeError `LOCK_LOST`
   */
  get connection(): Connection {
    if (!this.#isOpen || !this.#isHeld || this.#connection === undefined) {
      throw new ForgeResumeError('LOCK_LOST', 'the lock is not held');
    }
    return this.#connection;
  }

  /**
   * Makes what was written stand, and with it gives the lock back.
   *
   * @throws ForgeResumeError `LOCK_LOST` where the connection broke: only the database knows then whether it stands
   */
  async commit(): Promise<void> {
    const result = await this.connection.query('COMMIT');
    this.#isOpen = false;
    requireCommitted(result);
  }

  /**
   * Makes what was written stand, and takes the lock again before anybody hears of that. It is one message, so that the
   * lock is free for no longer than the server needs for three statements, and a pooler gives the connection to nobody in
   * between. Where a call was faster all the same, {@link regain} waits for it.
   *
   * @throws ForgeResumeError `LOCK_LOST` where the connection broke: only the database knows then whether it stands
   */
  async commitAndGoOn(): Promise<void> {
    const { connection } = this;
    this.#isHeld = false;
    const lock = `SELECT pg_try_advisory_xact_lock(${lockClass}, ${this.project}) AS held`;
    const results = await connection.queries(`COMMIT; ${this.#begin}; ${lock}`);
    requireCommitted(results[0]);
    this.#isHeld = results.at(-1)?.rows[0]?.held === true;
  }

  /**
   * Waits for the lock where {@link commitAndGoOn} did not get it, a second at most.
   *
   * @throws ForgeResumeError `LOCK_LOST`
   */
  async regain(): Promise<void> {
    if (this.#isHeld || !this.#isOpen) return;
    try {
      await this.#connection?.query(`SELECT pg_advisory_xact_lock(${lockClass}, ${this.project})`);
      this.#isHeld = true;
    } catch (error) {
      throw new ForgeResumeError('LOCK_LOST', 'another call has the lock', error);
    }
  }

  /** Takes back what was written, and gives the lock back. Never throws. */
  async rollback(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#isHeld = false;
    await this.#connection?.query('ROLLBACK').catch(() => undefined);
  }

  /** Tells the server that the holder is there. Never throws. */
  async touch(): Promise<void> {
    if (this.#isOpen) await this.#connection?.query('SELECT 1').catch(() => undefined);
  }

  /**
   * Runs a statement that needs no lock.
   *
   * @throws ForgeResumeError `IO`, `STATE_UNSAFE`
   */
  async outside(text: string, values: unknown[]): Promise<readonly unknown[]> {
    try {
      const connection = await this.#connect();
      return (await connection.query(text, values)).rows;
    } catch (error) {
      if (lockLost(error)) throw new ForgeResumeError('IO', 'the database cannot be reached', error);
      throw error;
    }
  }

  /** Gives everything back, however the call ended. Never throws; may be called twice. */
  close(): void {
    this.#connection?.close(this.#isOpen);
    this.#connection = undefined;
    this.#isOpen = false;
    this.#isHeld = false;
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.isLost === true) this.close();
    this.#connection ??= await Connection.open(this.#pool);
    return this.#connection;
  }
}

/** It is no error for the server where a statement before had failed: its answer says so. */
function requireCommitted(result: PostgresResult | undefined): void {
  if (result?.command === 'COMMIT') return;
  throw new ForgeResumeError('IO', `the database answered COMMIT with ${result?.command}`);
}
