import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import { schema } from '../database/migrations.ts';

/**
 * Notes that the transfer, which stands, needs no other call. The lock went with the transaction; another call that
 * settles it meanwhile does the same.
 *
 * @param call - the call
 */
export const commit =
  (call: PostgresCall): ActorBody<'commit'> =>
  async ({ transfer }) => {
    await call.lease.outside(`UPDATE ${schema}.transfer SET settled_at = now() WHERE id = $1 AND settled_at IS NULL`, [
      transfer.id,
    ]);
    call.memory.transfer = undefined;
    return { kind: 'committed' };
  };
