import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';

/**
 * Notes that the transfer, which stands, needs no other call, and makes that stand, so that `afterCommit` finds it so. The
 * lock stays: where another call got it behind the commit point, this waits for that one.
 *
 * @param call - the call
 */
export const commit =
  ({ lease, memory }: PostgresCall): ActorBody<'commit'> =>
  async ({ transfer }) => {
    await lease.regain();
    await lease.connection.query(
      `UPDATE ${schema}.transfer SET settled_at = now() WHERE id = $1 AND settled_at IS NULL`,
      [transfer.id],
    );
    await lease.commitAndGoOn();
    await lease.regain();
    memory.transfer = undefined;
    return { kind: 'committed' };
  };
