import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runBesideCounter } from '../support/race/beside-counter.ts';
import { Crew } from '../support/race/crew.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

describe('a turn counter that writes in place, as fast as it can, beside our calls', () => {
  it('promise 2: no increment goes back beside owner refreshes', async () => {
    const { faults, written } = await runBesideCounter(crew, { millis: 3_000, work: 'refresh', counterPauseMs: 0 });
    expect(faults).toEqual([]);
    expect(written).toBeGreaterThan(0);
  });

  it('promise 2: no increment goes back beside transfers', async () => {
    const { faults, written } = await runBesideCounter(crew, { millis: 4_000, work: 'transfer', counterPauseMs: 20 });
    expect(faults).toEqual([]);
    expect(written).toBeGreaterThan(0);
  });
});
