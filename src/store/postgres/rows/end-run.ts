import { endForGood } from '../../../rules/ending.ts';
import { type ForgeState, formatForgeState } from '../../../rules/forge-state.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { dropCompanions } from './companions.ts';
import { addToHistory } from './history.ts';
import { type RunRow, replaceRun } from './run-row.ts';

/**
 * Ends a run that goes on nowhere, and forgets where it came from, in the open transaction.
 *
 * @param call - a call that holds the lock
 * @param row - the run as read
 * @param stopReason - why
 * @returns false where it is not what was read any more
 * @throws ForgeResumeError `IO`, `LOCK_LOST`
 */
export async function endRun(call: PostgresCall, row: RunRow, stopReason: string): Promise<boolean> {
  const { connection, project, now } = call.lease;
  const text = formatForgeState(endForGood(row.value as ForgeState, stopReason, now));
  if (!(await replaceRun(connection, project, row, { text }))) return false;
  await connection.query(`DELETE FROM ${schema}.transfer WHERE project = $1 AND target = $2`, [project, row.session]);
  await dropCompanions(connection, { project, session: row.session });
  await addToHistory(call, { outcome: 'ended', session: row.session, stopReason });
  return true;
}
