import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Crew } from '../support/race/crew.ts';
import { race } from '../support/race/rounds.ts';

const rounds = Number(process.env['FORGE_RESUME_SOAK_ROUNDS'] ?? 50);
let crew: Crew;
beforeAll(async () => {
  crew = await Crew.open();
});
afterEach(() => crew.dismiss());
afterAll(() => crew.close());

describe('many processes that race for one run', { timeout: 3_600_000 }, () => {
  it('promises 1 and 4: never two holders, never two owners, with stops and kills in between', async () => {
    const report = await race(crew, { processes: 32, rounds, calls: 3, longestStopMs: 150 });
    expect(report.faults).toEqual([]);
    expect(report.holdings).toBeGreaterThan(rounds * 32);
  });

  it('promises 1 and 4: the same where the addon is absent', async () => {
    const report = await race(crew, {
      processes: 16,
      rounds: Math.ceil(rounds / 2),
      calls: 3,
      longestStopMs: 150,
      withoutAddon: true,
    });
    expect(report.faults).toEqual([]);
  });

  it('promise 4: the same with older runtimes taking part', async () => {
    const report = await race(crew, {
      processes: 12,
      rounds: Math.ceil(rounds / 2),
      calls: 3,
      longestStopMs: 150,
      legacy: 4,
    });
    expect(report.faults).toEqual([]);
  });
});
