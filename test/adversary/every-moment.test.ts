import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { useProgram } from '../support/outside/c-program.ts';
import { campaignFolder } from '../support/outside/campaign.ts';
import { runSteps, type StepOrder } from '../support/outside/step.ts';
import { useSubject } from '../support/outside/subject.ts';
import { needs } from '../support/tools.ts';

type Situation = Pick<StepOrder, 'visited' | 'left' | 'current'>;

const situations: Readonly<Record<string, Situation>> = {
  'a hand-over': { visited: [], left: 'nothing', current: 's1' },
  'a hand-over beside a stale lock folder': { visited: [], left: 'stale lock', current: 's1' },
  'a refresh beside a copy that came back': { visited: ['s1'], left: 'copy', current: 's1' },
  'coming home': { visited: ['s1'], left: 'nothing', current: 's0' },
};

describe.runIf(needs('gcc'))('an entry is exchanged for a link at each moment of a call', { timeout: 600_000 }, () => {
  const subject = useSubject();
  const preload = useProgram('step');
  const scratch = campaignFolder();
  afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));
  // Another part of the moments with each run; every one is tried where the stride is 1.
  const stride = Number(process.env['FORGE_RESUME_STRIDE'] ?? 16);
  const first = Math.floor(Math.random() * stride);

  it.each(Object.keys(situations))('promise 8: nothing outside changes or is read (%s)', async (name) => {
    const situation = situations[name] as Situation;
    const folder = fs.mkdtempSync(join(scratch, 'steps-'));
    const order = { module: subject().module, scratch: folder, ...situation, stride, first };
    const report = await runSteps(preload(), order);
    const { calls, exchanges, moments, faults } = report;
    console.log(`${name}: ${calls} calls of up to ${moments} moments, ${exchanges} exchanges, ${faults.length} faults`);
    expect(faults).toEqual([]);
    expect(exchanges).toBeGreaterThan(calls / 4);
  });
});
