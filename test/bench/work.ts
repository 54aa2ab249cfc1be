import type { Contender, Pace } from './measure.ts';
import type { Footprint } from './report.ts';

/** Largest ratios of ours to others, by their names; a name without a bar is reported only. */
export type Bars = Readonly<Record<string, number>>;

/** One piece of work, done by ours and by others in turn (design.md, "Speed"). */
export interface Work {
  readonly name: string;
  readonly pace: Pace;
  /** Made when its turn comes; `ours` is the product. */
  readonly contenders: (pace: Pace) => Contenders | Promise<Contenders>;
  readonly bars: Bars;
  /** Tighter ones for machines whose threads are slow to wake, where the baseline suffers more than ours. */
  readonly barsOnSlowThreads?: Bars;
  /** Figures that come up beside the times. */
  readonly figures?: () => readonly Footprint[];
}

/** Who does a piece of work, by name. */
export type Contenders = Readonly<Record<string, Contender>>;
