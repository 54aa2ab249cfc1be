/** The suite of exchanges at each moment of a call, short or whole. */
import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chosenSeed } from '../race/random.ts';
import { needs } from '../tools.ts';
import { useProgram } from './c-program.ts';
import { campaignFolder } from './campaign.ts';
import { runSteps, type Situation, situations } from './step.ts';
import { useSubject } from './subject.ts';

/**
 * Declares the suite.
 *
 * @param stride - every how many moments are tried, others with each run
 */
export function everyMoment(stride: number): void {
  describe.runIf(needs('gcc'))('an entry is exchanged for a link at each moment of a call', () => {
    const subject = useSubject();
    const preload = useProgram('step');
    const scratch = campaignFolder();
    afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));
    const seed = chosenSeed();

    it.each(Object.entries(situations))(
      'promise 8: nothing outside changes or is read (%s)',
      async (name, situation) => {
        await expectNothing(name, situation);
      },
    );

    async function expectNothing(name: string, situation: Situation): Promise<void> {
      const folder = fs.mkdtempSync(join(scratch, 'steps-'));
      const order = { module: subject().module, scratch: folder, ...situation, stride, first: seed % stride };
      const { calls, exchanges, moments, faults } = await runSteps(preload(), order);
      const counts = `${calls} calls of ${moments} moments, ${exchanges} exchanges, ${faults.length} faults`;
      console.log(`${name}, every ${stride} (FORGE_RESUME_SEED=${seed}): ${counts}`);
      expect(faults).toEqual([]);
      expect(exchanges).toBeGreaterThan(calls / 2);
    }
  });
}
