/**
 * `trace-call.cjs <implementation> <JSON: { warmups, counted }>`: makes one call in each of these state directories.
 * Each that is to be counted stands between two looks at paths that name it.
 */
import { existsSync } from 'node:fs';
import { loadCall } from './parts.ts';
import { callOptions } from './trees.ts';

const [file = '', dirs = ''] = process.argv.slice(2);
const { warmups, counted } = JSON.parse(dirs) as { warmups: string[]; counted: string[] };

async function main(): Promise<void> {
  const call = await loadCall(file);
  // The engine looks up the time zone when a process formats its first date.
  new Date().toISOString();
  for (const stateDir of warmups) await call(callOptions(stateDir));
  for (const [index, stateDir] of counted.entries()) {
    const options = callOptions(stateDir);
    existsSync(`/begin-of-call-${index}`);
    await call(options);
    existsSync(`/end-of-call-${index}`);
  }
}

main();
