import type { ActorBody } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';

/**
 * Gives the lock back where it is still held; what stands by then is what its actors made stand.
 *
 * @param call - the call
 */
export const release =
  (call: PostgresCall): ActorBody<'release'> =>
  async () => {
    await call.lease.rollback();
    return { kind: 'released' };
  };
