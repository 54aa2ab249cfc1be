import { reconcilePlainly } from './plain.ts';
import { serve } from './serve.ts';

await serve(reconcilePlainly);
