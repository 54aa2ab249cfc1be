import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { medianOf } from './measure.ts';

/** From here on threads count as slow, microseconds; a quick machine takes 15 to 40, a slow one over 90. */
const slowMicros = 60;

/**
 * Measures how long one answer of Node's thread pool takes now. The baseline asks it five times a file, so where threads
 * are slow to wake, ratios to the baseline say less of us.
 *
 * @returns microseconds, and whether that is slow
 */
export async function measureThreadHop(): Promise<{ readonly micros: number; readonly isSlow: boolean }> {
  const samples: number[] = [];
  for (let sample = 0; sample < 400; sample += 1) {
    const start = performance.now();
    await stat(tmpdir());
    samples.push((performance.now() - start) * 1_000);
  }
  const micros = medianOf(samples);
  return { micros, isSlow: micros >= slowMicros };
}
