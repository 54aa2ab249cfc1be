import { reconcileForgeSessionResume } from '../../../src/reconcile.ts';
import { serve } from './serve.ts';

await serve(reconcileForgeSessionResume);
