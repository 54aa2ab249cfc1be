import { ForgeResumeError } from '../../../errors.ts';
import { answerLimitMs, type PostgresResult } from '../database/driver.ts';

/** The class of our advisory locks; the other half of the key is the project's number. */
export const lockClass = 1_718_580_083;
/** The class of the locks for which who wants one of those stands in line. */
export const lineClass = 1_718_580_085;

/** The server's clock, ISO 8601. */
export const clock = `to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** For how long a statement waits for somebody else's lock: the server gives up first, and says what it waited for. */
export const lockTimeoutMs = answerLimitMs / 2;

/**
 * What begins a transaction that its holder may hold for a while. Its limits are no start-up parameters, which a pooler
 * refuses.
 *
 * @param limitMs - how long the holder may stand still, milliseconds
 */
export function beginText(limitMs: number): string {
  const limits = {
    idle_in_transaction_session_timeout: limitMs,
    statement_timeout: answerLimitMs,
    lock_timeout: lockTimeoutMs,
  };
  const settings = Object.entries(limits).map(([name, ms]) => `SET LOCAL ${name} = ${ms}`);
  return ['BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE', ...settings].join('; ');
}

/**
 * Makes sure that a COMMIT was one: it is no error for the server where a statement before had failed, its answer says so.
 *
 * @param result - of the COMMIT
 * @throws ForgeResumeError `IO`
 */
export function requireCommitted(result: PostgresResult | undefined): void {
  if (result?.command === 'COMMIT') return;
  throw new ForgeResumeError('IO', `the database answered COMMIT with ${result?.command}`);
}
