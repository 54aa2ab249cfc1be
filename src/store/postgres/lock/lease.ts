import { lockLost } from '../../../../machines/guards.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { Connection } from '../database/connection.ts';
import type { PostgresPool } from '../database/driver.ts';
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
  /** Whether what was written up to a savepoint stands in any case. */
  #isKept = false;
  /** The project's number; 0 while the lock is not held. */
  project = 0;
  /** The instant of the transaction by the server's clock, ISO 8601. */
  now = '';

  constructor(pool: PostgresPool, project: string, limitMs: number) {
    this.#pool = pool;
    this.#project = project;
    this.#limitMs = limitMs;
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
    const limit = Math.max(1, Math.round(this.#limitMs));
    // Not as start-up parameters, which a pooler refuses.
    await connection.query(
      `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL idle_in_transaction_session_timeout = ${limit}; SET LOCAL lock_timeout = ${limit}`,
    );
    this.#isOpen = true;
    this.#isKept = false;
    const { rows: versions } = await connection.query(`SELECT max(version) AS version FROM ${schema}.migration`);
    refuseNewer(versions[0].version);
    const { rows } = await connection.query(
      `SELECT id, pg_try_advisory_xact_lock($2, id) AS held,
         to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now
       FROM ${schema}.project WHERE name = $1`,
      [this.#project, lockClass],
    );
    const [row] = rows;
    if (row?.held === true) {
      this.project = row.id;
      this.now = row.now;
      return 'held';
    }
    await this.rollback();
    return row === undefined ? 'storeMissing' : 'busy';
  }

  /**
   * The connection that holds the lock.
   *
   * @throws ForgeResumeError `LOCK_LOST`
   */
  get connection(): Connection {
    if (!this.#isOpen || this.#connection === undefined)
      throw new ForgeResumeError('LOCK_LOST', 'the lock is not held');
    return this.#connection;
  }

  /**
   * Makes what was written stand, and with it gives the lock back.
   *
   * @throws ForgeResumeError `LOCK_LOST` where the connection broke: only the database knows then whether it stands
   */
  async commit(): Promise<void> {
    const { connection } = this;
    const { command } = await connection.query('COMMIT');
    this.#isOpen = false;
    // No error: the server says so where a statement before had failed.
    if (command !== 'COMMIT') throw new ForgeResumeError('IO', `the database answered COMMIT with ${command}`);
  }

  /**
   * What was written so far is to stand even where the call takes back what it writes from now on: settled transfers.
   *
   * @throws ForgeResumeError `LOCK_LOST`, `IO`
   */
  async keep(): Promise<void> {
    await this.connection.query('SAVEPOINT kept');
    this.#isKept = true;
  }

  /** Takes back what was written and not kept, and gives the lock back. Never throws. */
  async rollback(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#connection
      ?.query(this.#isKept ? 'ROLLBACK TO SAVEPOINT kept; COMMIT' : 'ROLLBACK')
      .catch(() => undefined);
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
  }

  async #connect(): Promise<Connection> {
    if (this.#connection?.isLost === true) this.close();
    this.#connection ??= await Connection.open(this.#pool);
    return this.#connection;
  }
}
