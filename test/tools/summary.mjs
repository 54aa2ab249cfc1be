import { readFileSync } from 'node:fs';

const nothingRan = { passed: 0, failed: 1, skipped: 0, suites: [] };

/**
 * Reads what the summary reporter wrote.
 *
 * @param file - its file
 * @returns counts of tests and the suites that lack a tool; a run that wrote nothing counts as one failure
 */
export function readSummary(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return nothingRan;
  }
}

/**
 * The last lines of a test run: suites that could not run and what would let them, then the counts alone on a line.
 *
 * @param summary - as {@link readSummary} gives it
 */
export function closingLines({ passed, failed, skipped, suites }) {
  const missing = suites.map(({ file, hints }) => `  ${file}: ${hints.join('; ')}`);
  const head = suites.length === 0 ? [] : [`Test files that lack a tool and did not run in full: ${suites.length}`];
  return ['', ...head, ...missing, `${passed} passed, ${failed} failed, ${skipped} skipped`];
}
