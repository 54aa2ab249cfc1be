import type { ActorBody } from '../../../../machines/contract.ts';
import { type PostgresCall, underWay } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { createRun, replaceRun } from '../rows/run-row.ts';

/**
 * Creates the run in the current session, or puts it where it comes home to.
 *
 * @param call - the call
 */
export const writeTarget =
  (call: PostgresCall): ActorBody<'writeTarget'> =>
  async () => {
    const { connection, project } = call.lease;
    const { handle, target: text, epoch } = underWay(call);
    const { home } = call.memory;
    const isWritten =
      home === undefined
        ? await createRun(connection, project, handle.target.id, { text, epoch })
        : await replaceRun(connection, project, home, { text, epoch });
    if (isWritten) return { kind: 'written' };
    await connection.query(`DELETE FROM ${schema}.transfer WHERE id = $1`, [handle.id]);
    call.memory.transfer = undefined;
    return { kind: 'taken' };
  };

/**
 * Never called: what stands beside a run is none of the database's.
 */
export const companions = (): ActorBody<'companions'> => () => ({ kind: 'carried' });
