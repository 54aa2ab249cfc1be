import type { ActorBody } from '../../../../machines/contract.ts';
import type { Call } from '../transfer/call.ts';

/**
 * Tries once to take the lock (src/rules/README.md#rule-1-lock; src/store/file/README.md#lock); the machine's `wait`
 * state tries again.
 *
 * @param call - the call
 */
export const acquireLock =
  (call: Call): ActorBody<'acquireLock'> =>
  async ({ brief }) => {
    call.checkAbort();
    return { kind: await call.lease.take({ brief, signal: call.options.signal }) };
  };
