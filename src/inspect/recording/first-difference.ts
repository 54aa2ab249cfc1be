import type { Recording, StepRecord } from './format.ts';

/** Where two calls part. */
export interface Difference {
  /** Index among the steps of both. */
  readonly index: number;
  /** What differs first: what the machine heard, what guards said, where it went, or that one of them is over. */
  readonly what: 'event' | 'answer' | 'guards' | 'to' | 'length';
  readonly left: StepRecord | null;
  readonly right: StepRecord | null;
}

const kindOf = (output: unknown): unknown =>
  typeof output === 'object' && output !== null ? (output as { kind?: unknown }).kind : undefined;

/** What two steps must agree in, in the order in which it is looked at; ids, paths and times always differ. */
const aspects: readonly (readonly [Difference['what'], (step: StepRecord) => unknown])[] = [
  ['event', ({ event, code }) => [event, code]],
  ['answer', ({ output }) => kindOf(output)],
  ['guards', ({ guards }) => guards.map(({ name, passed }) => [name, passed])],
  ['to', ({ to }) => to],
];

/**
 * Finds the first step in which two calls differ.
 *
 * @param left - one recording
 * @param right - the other
 * @returns null where they went the same way
 */
export function firstDifference(left: Recording, right: Recording): Difference | null {
  const [ours, theirs] = [stepsOf(left), stepsOf(right)];
  for (let index = 0; index < Math.max(ours.length, theirs.length); index += 1) {
    const [one, other] = [ours[index] ?? null, theirs[index] ?? null];
    if (one === null || other === null) return { index, what: 'length', left: one, right: other };
    const aspect = aspects.find(([, of]) => JSON.stringify(of(one)) !== JSON.stringify(of(other)));
    if (aspect !== undefined) return { index, what: aspect[0], left: one, right: other };
  }
  return null;
}

const stepsOf = ({ records }: Recording): StepRecord[] => records.filter((record) => record.kind === 'step');
