import { callLibrary } from './call-library.ts';
import { serve } from './serve.ts';

await serve(callLibrary);
