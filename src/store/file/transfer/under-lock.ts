import { setTimeout as pause } from 'node:timers/promises';
import { protocol } from '../../../rules/protocol.ts';
import { monotonicMs } from '../files/monotonic.ts';
import type { StatePaths } from '../files/paths.ts';
import { type Call, makeCall } from './call.ts';

/**
 * Does something that is no hand-over under the lock (src/store/file/README.md#lock), for a person who mends.
 *
 * @param paths - the state directory's
 * @param action - what to do; it must not wait for other programs
 * @returns what the action returns
 * @throws Error where others hold the lock for 5 s; ForgeResumeError `IO`, `STATE_UNSAFE`, and what the action throws
 */
export async function underLock<T>(paths: StatePaths, action: (call: Call) => T | Promise<T>): Promise<T> {
  const call = makeCall({ paths, env: {}, now: new Date(), findPane: async () => '' });
  try {
    const since = monotonicMs();
    for (;;) {
      const taken = await call.lease.take({ brief: false, signal: undefined });
      if (taken === 'held') return await action(call);
      if (taken === 'storeMissing') throw new Error(`${paths.stateDir} is not there any more`);
      if (monotonicMs() - since > protocol.limits.lockTimeoutMs) {
        throw new Error(`another call holds ${paths.lockFolder}; try again when it has ended`);
      }
      await pause(protocol.limits.lockRetryMs);
    }
  } finally {
    call.lease.close();
  }
}
