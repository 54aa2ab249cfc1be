import { expect, it } from 'vitest';
import { chosenSeed } from '../support/race/random.ts';
import { compareLooks } from './same-answer.ts';

it('rule 0: in random state directories a look answers as the lock would, and leaves the same bytes', async () => {
  const { faults, looks, locks } = await compareLooks(300, chosenSeed());
  expect(faults).toEqual([]);
  const readOnly = [
    'current_rcs_session_missing',
    'current_forge_active',
    'current_forge_present',
    'payload_codex_identity_missing',
    'no_matching_prior_forge',
  ];
  // Every way that writes nothing was met, and looks answer no other.
  // The policy that leads there is rare.
  const { current_forge_foreign: _foreign, ...usual } = looks;
  expect(Object.keys(usual).sort()).toEqual(readOnly.sort());
  expect(locks).toHaveProperty('resumed_same_codex_session');
}, 60_000);
