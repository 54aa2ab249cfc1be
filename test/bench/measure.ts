import { Bench } from 'tinybench';

/** One thing that is timed. */
export interface Contender {
  /** Once, timed. */
  readonly run: () => unknown;
  /** Before each time, untimed. */
  readonly before?: () => void;
}

/** The middle of many samples and how far they spread, milliseconds. */
export interface Spread {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly samples: number;
}

/** What was measured of one contender. */
export interface Timing {
  readonly spread: Spread;
  /** The median of each turn, in order, milliseconds. */
  readonly turns: readonly number[];
}

/** How often contenders are timed. */
export interface Pace {
  /** How often they take turns. */
  readonly rounds: number;
  /** Samples of each in one turn. */
  readonly block: number;
  /** Untimed runs of each before the first turn. */
  readonly warmup: number;
}

/**
 * Times contenders in turn, so that whatever else the machine does meets all of them: A B, B A, A B ...
 *
 * @param contenders - by name
 * @param pace - how often
 * @returns what was measured of each
 */
export async function timeInTurn<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  pace: Pace,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(contenders) as Name[];
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  const turns = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < pace.rounds; round += 1) {
    const warmup = round === 0 && pace.warmup > 0;
    const bench = new Bench({
      iterations: pace.block,
      time: 0,
      warmup,
      warmupIterations: pace.warmup,
      warmupTime: 0,
      retainSamples: true,
      throws: true,
    });
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { run, before } = contenders[name];
      bench.add(name, async () => void (await run()), { async: true, ...(before ? { beforeEach: before } : {}) });
    }
    await bench.run();
    for (const name of names) {
      const result = bench.getTask(name)?.result;
      if (result?.state !== 'completed') throw new Error(`${name} was not measured`);
      const turn = result.latency.samples ?? [];
      samples.get(name)?.push(...turn);
      turns.get(name)?.push(medianOf(turn));
    }
  }
  const timing = (name: Name): Timing => ({ spread: spreadOf(samples.get(name) ?? []), turns: turns.get(name) ?? [] });
  return Object.fromEntries(names.map((name) => [name, timing(name)])) as Record<Name, Timing>;
}

/**
 * How long one takes by how long another does: the median of the ratios of their turns, which follow each other
 * closely, so that a slow minute of the machine counts for neither.
 *
 * @param ours - the one
 * @param theirs - the other, timed in the same rounds
 */
export function ratioOf(ours: Timing, theirs: Timing): number {
  return medianOf(ours.turns.map((turn, round) => turn / (theirs.turns[round] ?? Number.NaN)));
}

/**
 * The middle of some numbers.
 *
 * @param samples - at least one
 */
export const medianOf = (samples: readonly number[]): number => spreadOf(samples).median;

/**
 * Median and quartiles.
 *
 * @param samples - at least one
 */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = (sorted.length - 1) * share;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place % 1);
  };
  return { median: at(0.5), lowerQuartile: at(0.25), upperQuartile: at(0.75), samples: sorted.length };
}
