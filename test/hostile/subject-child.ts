import { readFileSync } from 'node:fs';
import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { answerOf, type Job } from '../support/child/job.ts';

process.on('message', (job: Job) => {
  const queuedBefore = queuedMillis();
  void answerOf(reconcileForgeSessionResume, job).then((answer) => {
    const queued = queuedMillis() - queuedBefore;
    const rssMiB = process.resourceUsage().maxRSS / 1_024;
    process.send?.({ ...answer, millis: answer.millis - queued, rssMiB });
  });
});

/** How long this process has stood in line for a processor, milliseconds: other programs' load is no fault of a call. */
function queuedMillis(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
