import type { ActorBody } from '../../../../machines/contract.ts';
import type { Call } from '../transfer/call.ts';

/**
 * Gives the lock back, folder first (src/store/file/README.md#lock).
 *
 * @param call - the call
 */
export const release =
  (call: Call): ActorBody<'release'> =>
  () => {
    call.lease.close();
    return { kind: 'released' };
  };
