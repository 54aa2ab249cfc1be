/** Campaigns for the tests of a file: scratch folder, attacker and subject made before them and removed after them. */
import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { useProgram } from './c-program.ts';
import { type Campaign, campaignFolder, campaignLine, runCampaign } from './campaign.ts';
import { librarySide, programSide } from './sides.ts';
import { useSubject } from './subject.ts';

/** Whether the tests run as root, who alone can call in somebody else's project. */
export const isRoot = process.getuid?.() === 0;

/** The user that projects belong to: another one where the tests run as root. */
export const user = isRoot ? 1_000 : (process.getuid?.() ?? 0);

if (!isRoot) console.warn('left out: calls of root in a project of somebody else (it takes root)');

/** Who calls while somebody attacks. */
export type Who = 'the same user' | 'the library as root' | 'the program as root';

/** What a test asks of a campaign. */
export type Wanted = Pick<Campaign, 'calls'> & Partial<Pick<Campaign, 'only' | 'alsoAttacked' | 'first'>>;

/**
 * Prepares campaigns for all tests of a file.
 *
 * @returns runs one, says what it saw and fails the test on every broken promise
 */
export function useCampaigns(): (who: Who, wanted: Wanted) => Promise<void> {
  const subject = useSubject();
  const exchange = useProgram('exchange');
  const scratch = campaignFolder();
  afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));
  return async (who, wanted) => {
    const folder = fs.mkdtempSync(join(scratch, 'campaign-'));
    fs.chmodSync(folder, 0o755);
    const { module } = subject();
    const sides = {
      'the same user': () => librarySide(module, isRoot ? user : undefined),
      'the library as root': () => librarySide(module),
      'the program as root': programSide,
    };
    const report = await runCampaign({
      ...wanted,
      side: sides[who](),
      exchange: exchange(),
      attackerUid: user,
      canaryUid: who === 'the same user' ? user : 0,
      scratch: folder,
    });
    console.log(campaignLine(who, report));
    expect(report.faults).toEqual([]);
    expect(report.exchanges).toBeGreaterThan(report.calls);
  };
}
