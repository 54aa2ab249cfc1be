import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { ReconcileResult } from '../../src/call/result.ts';

/** What is measured: the package's call, or the baseline's. */
export type Call = (options: ReconcileOptions) => Promise<ReconcileResult>;

const dist = join(__dirname, 'node_modules', 'forge-session-resume', 'dist');

/** Built files, beside the program that is running. */
export const files = {
  ours: join(dist, 'lib', 'index.js'),
  machine: join(dist, 'lib', 'machine.js'),
  postgres: join(dist, 'lib', 'postgres.js'),
  cli: join(dist, 'cli', 'forge-resume.cjs'),
  baseline: join(__dirname, 'baseline.cjs'),
  baselineNotify: join(__dirname, 'baseline-notify.cjs'),
  /** Programs of a host: one that does nothing, one that imports the library, one that makes its first call too. */
  empty: join(__dirname, 'empty.mjs'),
  import: join(__dirname, 'import.mjs'),
  firstCall: join(__dirname, 'first-call.mjs'),
};

/**
 * Loads a built implementation.
 *
 * @param file - one of {@link files}
 */
export async function loadCall(file: string): Promise<Call> {
  const loaded = (await import(pathToFileURL(file).href)) as { reconcileForgeSessionResume: Call };
  return loaded.reconcileForgeSessionResume;
}
