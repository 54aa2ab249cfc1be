/**
 * Longest time of a call that waits for no lock, milliseconds: half of the 5 s for which a lock is waited for,
 * and far more than a busy machine adds.
 */
export const atOnceMs = 2_500;

/**
 * What one action takes where nothing else disturbs it: the least of several times, milliseconds.
 * A busy machine stretches some of them; a wait, or work that is too much, is in all of them.
 *
 * @param action - does it once, from the same beginning each time
 * @param options - `enough`: a time, milliseconds, below which no further one is taken; `turns`: how often at most
 */
export async function leastTime(
  action: () => unknown,
  { enough = 0, turns = 10 }: { readonly enough?: number; readonly turns?: number } = {},
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < turns && least >= enough; turn += 1) {
    const since = performance.now();
    await action();
    least = Math.min(least, performance.now() - since);
  }
  return least;
}
