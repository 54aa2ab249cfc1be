import { join } from 'node:path';
import { beforeAll, describe, it } from 'vitest';
import { isRoot, useCampaigns } from '../support/outside/use-campaigns.ts';
import { chosenSeed } from '../support/race/random.ts';
import { needs } from '../support/tools.ts';

const calls = 40;

describe.runIf(needs('gcc'))('our files and folders are exchanged while calls run', { timeout: 120_000 }, () => {
  const run = useCampaigns();
  // Another part of the entries and kinds with each run; the soak suite takes them all.
  const seed = chosenSeed();
  const first = (seed % 1_000) * 4;
  beforeAll(() => console.log(`exchanges (FORGE_RESUME_SEED=${seed})`));

  it('promise 8: nothing outside changes, by the same user', async () => {
    await run('the same user', { calls, first });
  });

  it.runIf(isRoot)('promise 8: nor where root calls the library in a project of a user', async () => {
    await run('the library as root', { calls, first });
  });

  it.runIf(isRoot)('promise 8: nor where root runs the program in a project of a user', async () => {
    await run('the program as root', { calls: calls / 2, first, alsoAttacked: ['.rcs/logs'] });
  });

  it.runIf(isRoot)('promise 8: nor where the way to the state directory is exchanged', async () => {
    await run('the program as root', { calls: calls / 2, first, only: ['.', '..', join('..', 'logs')] });
  });
});
