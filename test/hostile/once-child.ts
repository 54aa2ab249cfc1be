import { reconcileForgeSessionResume } from '../../src/call/reconcile.ts';
import { answerOf } from '../support/child/job.ts';

const job = JSON.parse(process.argv[2] ?? '');
process.stdout.write(JSON.stringify(await answerOf(reconcileForgeSessionResume, { ...job, hookThrows: false })));
