import type { ActorBody } from '../../../../machines/contract.ts';
import { endForGood } from '../../../rules/ending.ts';
import { formatForgeState } from '../../../rules/forge-state.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { readRun, replaceRun } from '../rows/run-row.ts';

const stopReason = 'ended_by_user';

/**
 * Ends the named run for good, forgets where it came from, and makes both stand.
 *
 * @param call - the call
 */
export const endNamed =
  (call: PostgresCall): ActorBody<'endNamed'> =>
  async ({ run }) => {
    const { connection, project, now } = call.lease;
    const row = await readRun(connection, project, run.id);
    if (row === undefined || !isActiveRun(row.value)) return { kind: 'changed' };
    const text = formatForgeState(endForGood(row.value, stopReason, now));
    if (!(await replaceRun(connection, project, row, { text }))) return { kind: 'changed' };
    await connection.query(`DELETE FROM ${schema}.transfer WHERE project = $1 AND target = $2`, [project, run.id]);
    await call.lease.commit();
    return { kind: 'ended', ended: { session: run.id, location: run.location, stopReason } };
  };
