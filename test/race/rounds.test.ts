import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Crew } from '../support/race/crew.ts';
import { race } from '../support/race/rounds.ts';

let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

describe('processes that race for one run', { timeout: 120_000 }, () => {
  it('promises 1 and 4: never two holders, never two owners, with stops and kills in between', async () => {
    const report = await race(crew, { processes: 8, rounds: 6, calls: 3, longestStopMs: 50 });
    expect(report.faults).toEqual([]);
    expect(report.kills).toBeGreaterThan(0);
    expect(report.holdings).toBeGreaterThan(70);
  });

  it('promises 1 and 4: the same where the addon is absent and the folder alone is the lock', async () => {
    const report = await race(crew, { processes: 4, rounds: 2, calls: 3, longestStopMs: 50, withoutAddon: true });
    expect(report.faults).toEqual([]);
    expect(report.holdings).toBeGreaterThan(5);
  });

  it('promise 4: the same with an older runtime taking part', async () => {
    const report = await race(crew, { processes: 4, rounds: 2, calls: 3, longestStopMs: 50, legacy: 2, kills: false });
    expect(report.faults).toEqual([]);
    expect(report.holdings).toBeGreaterThanOrEqual(36);
  });
});
