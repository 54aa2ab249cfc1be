import { expect, it } from 'vitest';
import { compareLooks } from '../look/same-answer.ts';
import { chosenSeed } from '../support/race/random.ts';

it('rule 0: in 10,000 random state directories a look answers as the lock would, and leaves the same bytes', async () => {
  const { faults } = await compareLooks(10_000, chosenSeed());
  expect(faults).toEqual([]);
});
