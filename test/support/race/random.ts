/** A small seeded generator, so that a race can be run again with the same choices. */
export interface Random {
  /** A number from 0 up to 1. */
  readonly next: () => number;
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
  /** Whether something of this probability happens. */
  readonly chance: (probability: number) => boolean;
}

/** The seed of this run: `FORGE_RESUME_SEED`, or the time. */
export function chosenSeed(): number {
  return Number(process.env['FORGE_RESUME_SEED'] ?? Date.now() % 2 ** 31);
}

/**
 * Makes a generator (mulberry32).
 *
 * @param seed - 32 bits of it count
 */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
  };
}
