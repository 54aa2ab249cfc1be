/**
 * `trace-call.cjs <implementation> <path> ...`: makes one call in each state directory. The first, which warms
 * everything up, goes unmarked; each of the others stands between two looks at paths that name it.
 */
import { existsSync } from 'node:fs';
import { loadCall } from './parts.ts';
import { callOptions } from './trees.ts';

const [file = '', warmup = '', ...stateDirs] = process.argv.slice(2);

async function main(): Promise<void> {
  const call = loadCall(file);
  // The engine looks up the time zone when a process formats its first date.
  new Date().toISOString();
  await call(callOptions(warmup));
  for (const [index, stateDir] of stateDirs.entries()) {
    const options = callOptions(stateDir);
    existsSync(`/begin-of-call-${index}`);
    await call(options);
    existsSync(`/end-of-call-${index}`);
  }
}

main();
