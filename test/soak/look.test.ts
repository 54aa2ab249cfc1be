import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { raceLooks } from '../look/race.ts';
import { compareLooks } from '../look/same-answer.ts';
import { Crew } from '../support/race/crew.ts';
import { chosenSeed } from '../support/race/random.ts';

describe('looks', () => {
  let crew: Crew;
  beforeAll(async () => {
    crew = await Crew.open();
  });
  afterAll(() => crew.close());

  it('rule 0: in 10,000 random state directories they answer as the lock would, and leave the same bytes', async () => {
    const { faults } = await compareLooks(10_000, chosenSeed());
    expect(faults).toEqual([]);
  });

  it.each([false, true])('rule 0: every answer fits some order of the calls; kills: %s', async (kills) => {
    for (let race = 0; race < 10; race += 1) {
      const { faults } = await raceLooks(crew, { rounds: 60, seed: chosenSeed() + race, kills });
      expect(faults).toEqual([]);
    }
  });
});
