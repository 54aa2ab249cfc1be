import type { ActorBody } from '../../../../machines/contract.ts';
import { type PostgresCall, underWay } from '../call.ts';
import { schema } from '../database/migrations.ts';
import { moveCompanions } from '../rows/companions.ts';
import { createRun, replaceRun } from '../rows/run-row.ts';

/** Asks for no run. */
const nobody = { payloadSessionId: '', payloadThreadId: '' };

/**
 * Creates the run in the current session, or puts it where it comes home to; not where its runtime has begun one of its own
 * since, which goes into the database first.
 *
 * @param call - the call
 */
export const writeTarget =
  (call: PostgresCall): ActorBody<'writeTarget'> =>
  async () => {
    const { connection, project } = call.lease;
    const { handle, target: text, epoch, source } = underWay(call);
    const written = { text, epoch, turnMs: source.turnMs };
    const { home } = call.memory;
    const isFree = call.host?.isFree(call, handle.target.id, home !== undefined) ?? true;
    const isWritten =
      isFree &&
      (home === undefined
        ? await createRun(connection, project, handle.target.id, written)
        : await replaceRun(connection, project, home, written));
    if (isWritten) return { kind: 'written' };
    if (!isFree) await call.host?.push(call, nobody, handle.target.id);
    if (call.memory.transfer?.isAccompanied)
      await moveCompanions(connection, { project, session: handle.target.id }, handle.source.id);
    await connection.query(`DELETE FROM ${schema}.transfer WHERE id = $1`, [handle.id]);
    call.memory.transfer = undefined;
    return { kind: 'taken' };
  };
