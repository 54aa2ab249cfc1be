/** One call in a worker thread, which stays in `hooks.afterLockAcquired` until the thread is ended. */
import { parentPort, workerData } from 'node:worker_threads';
import { reconcileForgeSessionResume } from '../../../src/call/reconcile.ts';

await reconcileForgeSessionResume({
  stateDir: String(workerData),
  payloadSessionId: 's1',
  env: { RCS_SESSION_ID: 'now' },
  hooks: {
    afterLockAcquired: () =>
      new Promise(() => {
        parentPort?.postMessage('inside');
        setInterval(() => undefined, 1_000);
      }),
  },
});
