import { expect, it } from 'vitest';
import { compareDry } from '../dry/same-answer.ts';
import { chosenSeed } from '../support/race/random.ts';

it('10,000 random directories: a call that writes nothing comes to what the real one comes to', async () => {
  const { faults } = await compareDry(10_000, chosenSeed());
  expect(faults).toEqual([]);
}, 7_200_000);
