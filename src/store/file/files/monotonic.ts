/**
 * Time that no change of the clock moves, milliseconds since an instant that only this boot knows. Not by
 * `performance.now`, whose first use in a process loads a module for longer than most calls take.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}
