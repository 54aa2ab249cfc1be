import { describe, expect, it } from 'vitest';
import { medianOf, ratioOf, spreadOf, type Timing, timeInTurn } from './measure.ts';

const timing = (...turns: number[]): Timing => ({ spread: spreadOf(turns), turns });

describe('how benches measure', () => {
  it('a ratio is the median of the turns side by side: a slow minute that meets both counts for neither', () => {
    expect(ratioOf(timing(1, 1, 100, 1, 1), timing(2, 2, 200, 2, 2))).toBe(0.5);
    expect(ratioOf(timing(1, 100, 100), timing(2, 200, 50))).toBe(0.5);
    expect(medianOf([3, 1, 2])).toBe(2);
  });

  it('contenders take turns, and who was first is second in the next', async () => {
    const order: string[] = [];
    const run = (name: string) => ({ run: () => order.push(name) });
    const times = await timeInTurn({ a: run('a'), b: run('b') }, { rounds: 3, block: 2, warmup: 0 });
    expect(order.join('')).toBe('aabbbbaaaabb');
    expect(times.a.turns).toHaveLength(3);
    expect(times.b.spread.samples).toBe(6);
  });
});
