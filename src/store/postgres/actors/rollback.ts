import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';

/**
 * Takes everything back at once; nobody has seen any of it. So it never goes forward, whatever became of the source.
 *
 * @param call - the call
 */
export const rollback =
  (call: PostgresCall): ActorBody<'rollback'> =>
  async () => {
    call.memory.transfer = undefined;
    await call.lease.rollback();
    return { kind: 'rolledBack' };
  };
