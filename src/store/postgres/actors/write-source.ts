import type { ActorBody } from '../../../../machines/contract.ts';
import { type PostgresCall, underWay } from '../call.ts';
import { addToHistory } from '../rows/history.ts';
import { replaceRun } from '../rows/run-row.ts';

/**
 * Ends the source, if it still is what the target was made from, and makes the whole transfer stand: the commit point.
 * The COMMIT is here, for only an error of this actor leads to `recover`, which finds out whether it stands.
 *
 * @param call - the call
 */
export const writeSource =
  (call: PostgresCall): ActorBody<'writeSource'> =>
  async () => {
    const { connection, project } = call.lease;
    const { handle, source, ended: text, epoch, command } = underWay(call);
    const isWritten = await replaceRun(connection, project, source, { text, epoch, endedBy: handle.id });
    if (!isWritten) return { kind: 'changed' };
    const sides = { source: handle.source.id, target: handle.target.id };
    await addToHistory(call, { outcome: 'committed', transferId: handle.id, ...sides, command });
    await call.lease.commitAndGoOn();
    return { kind: 'written' };
  };
