import type { KeepLock } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';

/** A clock's timers; XState's clocks and the global functions fit. */
export interface Timers {
  /** Runs an action after so many milliseconds; gives what `clearTimeout` takes. */
  readonly setTimeout: (action: () => void, ms: number) => unknown;
  /** Gives up a timer. */
  readonly clearTimeout: (timer: never) => void;
}

/**
 * Says a word on the lock's connection three times within its limit, so that the server does not end a holder whose hook
 * is slow.
 *
 * @param call - the call
 * @param everyMs - the pause between two, milliseconds
 * @param timers - the clock
 */
export const keepLock =
  (call: PostgresCall, everyMs: number, timers: Timers): KeepLock =>
  () => {
    let timer: unknown;
    const touch = (): void => {
      void call.lease.touch();
      start();
    };
    const start = (): void => {
      timer = timers.setTimeout(touch, everyMs);
    };
    start();
    return () => timers.clearTimeout(timer as never);
  };
