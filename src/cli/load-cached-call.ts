import { join } from 'node:path';
import { compile, runModule } from './code-cache.ts';
import type { Call } from './load-call.ts';

declare const require: NodeJS.Require;

/** What the bundled program gets for `load-call.ts`: the same, from the part's code cache and past module resolution. */
export async function loadCall(): Promise<Call> {
  const file = join(__dirname, 'reconcile.cjs');
  const part = runModule(compile(file).script, file, require);
  return (part as { reconcileForgeSessionResume: Call }).reconcileForgeSessionResume;
}
