import type { ActorBody } from '../../../../machines/contract.ts';
import { monotonicMs } from '../files/monotonic.ts';
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
    const { notes, signal } = call.options;
    if (notes !== undefined) notes.lockAskedAt ??= monotonicMs();
    const kind = await call.lease.take({ brief, signal });
    if (notes !== undefined && kind === 'held') {
      notes.lockHeldAt ??= monotonicMs();
      notes.lock = call.lease.mode();
    }
    return { kind };
  };
