import { describe, it } from 'vitest';
import { isRoot, useCampaigns } from '../support/outside/use-campaigns.ts';
import { needs } from '../support/tools.ts';

const calls = Number(process.env['FORGE_RESUME_SOAK_ATTACKS'] ?? 2_000);

describe.runIf(needs('gcc'))('our files and folders are exchanged while thousands of calls run', () => {
  const run = useCampaigns();

  it('promise 8: nothing outside changes, by the same user', async () => {
    await run('the same user', { calls });
  });

  it.runIf(isRoot)('promise 8: nor where root calls the library in a project of a user', async () => {
    await run('the library as root', { calls });
  });

  it.runIf(isRoot)('promise 8: nor where root runs the program in a project of a user', async () => {
    await run('the program as root', { calls, alsoAttacked: ['.rcs/logs'] });
  });
});
