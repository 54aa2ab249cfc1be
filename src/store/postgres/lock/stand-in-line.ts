import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../../machines/guards.ts';
import type { Connection } from '../database/connection.ts';
import { clock, lineClass, lockClass, lockTimeoutMs } from './transaction.ts';

/** How often the first in the line tries the lock, milliseconds. */
const retryMs = 5;

/**
 * Waits for a project's lock in a line of its own, where only the first one tries it: who waited for the lock itself would
 * get it at each COMMIT of the call that has it, in the middle of that call.
 *
 * @param connection - with an open transaction, which has lock and place in the line until it ends
 * @param project - the project's number
 * @param forMs - how long, milliseconds
 * @returns the instant at which the lock was had; undefined where it was not
 * @throws ForgeResumeError `LOCK_LOST`, `IO`
 */
export async function standInLine(connection: Connection, project: number, forMs: number): Promise<string | undefined> {
  const deadline = performance.now() + forMs;
  await connection.query(`SET LOCAL lock_timeout = ${forMs}`);
  try {
    await connection.query(`SELECT pg_advisory_xact_lock(${lineClass}, ${project})`);
  } catch (error) {
    if (codeOf(error) === 'SOURCE_BUSY') return undefined;
    throw error;
  }
  await connection.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}`);
  const attempt = `SELECT pg_try_advisory_xact_lock(${lockClass}, ${project}) AS held, ${clock} AS now`;
  do {
    const { rows } = await connection.query(attempt);
    if (rows[0].held === true) return rows[0].now;
    await pause(retryMs);
  } while (performance.now() < deadline);
  return undefined;
}
