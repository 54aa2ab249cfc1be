import { join } from 'node:path';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { ReconcileResult } from '../../src/call/result.ts';

/** What is measured: the product's call, or the baseline's. */
export type Call = (options: ReconcileOptions) => Promise<ReconcileResult>;

/** Built files, beside the program that is running. */
export const files = {
  ours: join(__dirname, 'product', 'reconcile.cjs'),
  baseline: join(__dirname, 'baseline.cjs'),
  cli: join(__dirname, 'product', 'forge-resume.cjs'),
  baselineNotify: join(__dirname, 'baseline-notify.cjs'),
};

/**
 * Loads a built implementation.
 *
 * @param file - one of {@link files}
 */
export function loadCall(file: string): Call {
  return (require(file) as { reconcileForgeSessionResume: Call }).reconcileForgeSessionResume;
}
