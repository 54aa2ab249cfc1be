import { lockLost } from '../../../../machines/guards.ts';
import { ForgeResumeError } from '../../../errors.ts';
import { Connection } from '../database/connection.ts';
import type { PostgresPool } from '../database/driver.ts';
import { beginText, lockClass, requireCommitted } from './transaction.ts';
import { type Tried, tryLock } from './try-lock.ts';

/** What one attempt came to. */
export type Attempt = Tried['kind'];

/**
 * The lock of one call: a transaction that holds the project's advisory lock, which ends with it however it ends. The
 * server ends it as well where its holder stands still for longer than the limit; so whoever comes late writes nothing.
 */
export class Lease {
  readonly #pool: PostgresPool;
  readonly #name: string;
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
  /** The number behind which epochs and versions of the server's timeline begin. */
  floor = 0n;

  constructor(pool: PostgresPool, name: string, limitMs: number) {
    this.#pool = pool;
    this.#name = name;
    this.#limitMs = Math.round(limitMs);
  }

  /**
   * Tries the lock once, in a transaction of its own.
   *
   * @param isBrief - one try that waits in no line
   * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, `JOURNAL_VERSION`
   */
  async attempt(isBrief = false): Promise<Attempt> {
    if (this.#isOpen) await this.rollback();
    try {
      const attempt = await this.#attempt(await this.#connect(), isBrief);
      if (attempt !== 'held') await this.rollback();
      return attempt;
    } catch (error) {
      // There is no lock yet that could be lost.
      if (lockLost(error)) throw new ForgeResumeError('IO', 'the database cannot be reached', error);
      throw error;
    }
  }

  async #attempt(connection: Connection, isBrief: boolean): Promise<Attempt> {
    await connection.queries(beginText(this.#limitMs));
    this.#isOpen = true;
    const wanted = { name: this.#name, limitMs: this.#limitMs, isBrief, isKnown: this.project !== 0 };
    const tried = await tryLock(connection, wanted);
    if (tried.kind === 'storeMissing') return tried.kind;
    const { kind, project, floor, now } = tried;
    this.project = project;
    this.floor = floor;
    if (kind === 'busy') return kind;
    this.#isHeld = true;
    this.now = now;
    this.nowMs = Date.parse(now);
    return kind;
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

  /** Whether the lock was lost because the server said nothing. */
  get isSilent(): boolean {
    return this.#connection?.isSilent === true;
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
    const results = await connection.queries(`COMMIT; ${beginText(this.#limitMs)}; ${lock}`);
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
