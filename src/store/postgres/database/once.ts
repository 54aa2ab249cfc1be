import { Connection } from './connection.ts';
import type { PostgresPool, PostgresResult } from './driver.ts';

/**
 * Runs one statement on a connection of its own.
 *
 * @param pool - hands the connection out
 * @param text - the statement
 * @param values - of its parameters
 * @throws ForgeResumeError as {@link Connection.query} does, `IO` where there is no connection
 */
export async function once(pool: PostgresPool, text: string, values: unknown[]): Promise<PostgresResult> {
  const connection = await Connection.open(pool);
  try {
    return await connection.query(text, values);
  } finally {
    connection.close(false);
  }
}
