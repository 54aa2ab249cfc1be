import { expect, it } from 'vitest';
import { chosenSeed } from '../support/race/random.ts';
import { compareDry } from './same-answer.ts';

it('a call that writes nothing comes to what the real one comes to, in random state directories', async () => {
  const { faults, answers, recovered } = await compareDry(300, chosenSeed());
  expect(faults).toEqual([]);
  expect(Object.keys(answers)).toEqual(
    expect.arrayContaining([
      'current_forge_active',
      'current_forge_present',
      'current_rcs_session_missing',
      'multiple_matching_prior_forges',
      'no_matching_prior_forge',
      'payload_codex_identity_missing',
      'resumed_same_codex_session',
    ]),
  );
  expect(Object.keys(recovered)).not.toEqual([]);
}, 120_000);
