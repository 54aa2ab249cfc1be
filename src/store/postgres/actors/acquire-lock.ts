import type { ActorBody } from '../../../../machines/contract.ts';
import { codeOf } from '../../../../machines/guards.ts';
import type { PostgresCall } from '../call.ts';

/**
 * Tries the project's lock once: a transaction of its own, which the later actors write in. A lock that was lost went with
 * its transaction, and everything that was written in that.
 *
 * @param call - the call
 */
export const acquireLock =
  (call: PostgresCall): ActorBody<'acquireLock'> =>
  async ({ again }) => {
    call.memory.transfer = undefined;
    try {
      return { kind: await call.lease.attempt() };
    } catch (error) {
      // A server that was restarted takes connections again before long.
      if (again && codeOf(error) === 'IO') return { kind: 'busy' };
      throw error;
    }
  };
