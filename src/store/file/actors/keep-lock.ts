import type { KeepLock } from '../../../../machines/contract.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from '../transfer/call.ts';

/** A clock's timers; XState's clocks and the global functions fit. */
export interface Timers {
  readonly setTimeout: (action: () => void, ms: number) => unknown;
  readonly clearTimeout: (timer: never) => void;
}

/**
 * Touches the lock folder every 2 s while the lock is held, so that older runtimes do not take it for stale.
 *
 * @param call - the call
 * @param timers - the clock
 */
export const keepLock =
  (call: Call, timers: Timers): KeepLock =>
  () => {
    let timer: unknown;
    const touch = (): void => {
      call.lease.touch();
      timer = timers.setTimeout(touch, protocol.limits.lockTouchMs);
    };
    timer = timers.setTimeout(touch, protocol.limits.lockTouchMs);
    return () => timers.clearTimeout(timer as never);
  };
