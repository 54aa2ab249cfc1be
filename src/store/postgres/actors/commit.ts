import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';

/**
 * Writes the files of both sides, as far as they are of this host, then notes that the transfer needs no other call, so that
 * `afterCommit` finds it so. The lock stays: where another call got it behind the commit point, this waits for that one.
 *
 * @param call - the call
 */
export const commit =
  (call: PostgresCall): ActorBody<'commit'> =>
  async ({ transfer }) => {
    const { lease, memory } = call;
    await lease.regain();
    await call.host?.project(call, [transfer.target.id, transfer.source.id]);
    await lease.connection.query(
      `UPDATE ${schema}.transfer SET settled_at = now() WHERE id = $1 AND settled_at IS NULL`,
      [transfer.id],
    );
    await lease.commitAndGoOn();
    await lease.regain();
    memory.transfer = undefined;
    return { kind: 'committed' };
  };
