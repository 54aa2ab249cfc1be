import { describe, expect, it } from 'vitest';
import { timeScale } from '../../../src/inspect/model/time-scale.ts';

/** Forty moments, a tenth of a millisecond apart; an hour later, forty more. */
const burst = Array.from({ length: 40 }, (_, index) => index / 10);
const hour = 3_600_000;
const bursts = [...burst, ...burst.map((time) => time + hour)];
const gapsOf = (xs: Float64Array): number[] => [...xs].slice(1).map((x, index) => x - (xs[index] ?? 0));

describe('the timeline', () => {
  it('idle time is folded, and how long it was is told', () => {
    const { folds, xs } = timeScale(bursts, 1_000);
    expect(folds).toEqual([{ before: 40, ms: expect.closeTo(hour - 3.9, 3) }]);
    expect(gapsOf(xs)[39]).toBeLessThan(100);
  });

  it('bursts are readable: no two marks touch, also where many happen at once', () => {
    const atOnce = Array.from({ length: 30 }, () => 5);
    for (const times of [bursts, atOnce, [...atOnce, hour], [0, 0.001, 0.002, 900, 900.001]]) {
      // A mark is up to 12 px wide.
      expect(Math.min(...gapsOf(timeScale(times, 400).xs))).toBeGreaterThanOrEqual(12);
    }
  });

  it('short pauses are never folded, however much longer than the others they are', () => {
    expect(timeScale([0, 0.01, 0.02, 0.03, 15], 400).folds).toEqual([]);
  });

  it('every time has its place between its neighbours', () => {
    const { at, xs } = timeScale(bursts, 1_000);
    expect(bursts.map(at)).toEqual([...xs].map((x) => expect.closeTo(x, 6)));
    expect(at(hour / 2)).toBeGreaterThan(xs[39] ?? 0);
    expect(at(hour / 2)).toBeLessThan(xs[40] ?? 0);
    expect(at(2 * hour)).toBe(xs.at(-1));
  });

  it('stands with no moment, with one, and with a clock that went back', () => {
    expect(timeScale([], 400)).toMatchObject({ folds: [], width: 400 });
    expect([...timeScale([7], 400).xs]).toEqual([20]);
    expect(Math.min(...gapsOf(timeScale([5, 3, 9], 400).xs))).toBeGreaterThanOrEqual(12);
  });
});
