import { expect, it } from 'vitest';
import { chosenSeed } from '../support/race/random.ts';
import { compareDry } from './same-answer.ts';

it('a call that writes nothing comes to what the real one comes to, in random state directories', async () => {
  expect((await compareDry(150, chosenSeed())).faults).toEqual([]);
  // Some answers are rare: these directories are known to have them all.
  const { faults, answers, recovered } = await compareDry(300, 2_001);
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
