import { reconcileForgeSessionResume } from '../../../src/call/reconcile.ts';
import { serve } from './serve.ts';

await serve(reconcileForgeSessionResume);
