import type { ActorBody } from '../../../../machines/contract.ts';
import { isActiveRun } from '../../../rules/named-transfer.ts';
import { stopReasons } from '../../../rules/protocol.ts';
import { makeStand, type PostgresCall } from '../call.ts';
import { endRun } from '../rows/end-run.ts';
import { readRun } from '../rows/run-row.ts';

/**
 * Ends the named run for good, forgets where it came from, and makes both stand. Its bytes are kept on this host first.
 *
 * @param call - the call
 */
export const endNamed =
  (call: PostgresCall): ActorBody<'endNamed'> =>
  async ({ run }) => {
    const { connection, project } = call.lease;
    const row = await readRun(connection, project, run.id);
    const stopReason = stopReasons.byUser;
    if (row === undefined || !isActiveRun(row.value)) return { kind: 'changed' };
    const kept = await call.host?.keep(row);
    if (!(await endRun(call, row, stopReason))) return { kind: 'changed' };
    await makeStand(call, run.id);
    return { kind: 'ended', ended: { session: run.id, location: run.location, stopReason, ...(kept && { kept }) } };
  };
