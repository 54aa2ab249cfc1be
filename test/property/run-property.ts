import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Crew } from '../support/race/crew.ts';
import type { RaceProcess } from '../support/race/process.ts';
import { chosenSeed } from '../support/race/random.ts';
import { knownSequences } from './known-sequences.ts';
import { type Step, sequences } from './step.ts';
import { type Counts, World } from './world.ts';

/**
 * Lets random sequences happen and prints how many of everything there were. What fails is shrunk and thrown as a
 * script: `FORGE_RESUME_STEPS='[...]'` runs one sequence again, `FORGE_RESUME_SEED` all of them.
 *
 * @param numRuns - sequences
 */
export async function runProperty(numRuns: number): Promise<void> {
  const crew = await Crew.open();
  const counts: Counts = {};
  let steps = 0;
  let spare: RaceProcess | undefined;
  const lend = async (): Promise<RaceProcess> => {
    // One that was not killed, since its call never came to the step, serves again: thousands would fill the memory.
    if (spare === undefined || spare.isDead) spare = await crew.start('child').ready();
    return spare;
  };
  const run = async (sequence: readonly Step[]): Promise<void> => {
    // In memory where the host has that: thousands of syncs would wear out patience and disks.
    const base = fs.existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
    const project = fs.mkdtempSync(join(base, 'forge-property-'));
    const world = new World(project, counts, lend);
    try {
      for (const [index, step] of sequence.entries()) {
        steps += 1;
        await world.happen(step).catch((error: unknown) => {
          throw new Error(`step ${index}, ${JSON.stringify(step)}: ${(error as Error).message}`, { cause: error });
        });
      }
    } finally {
      fs.rmSync(project, { recursive: true, force: true });
    }
  };
  const seed = chosenSeed();
  try {
    const script = process.env['FORGE_RESUME_STEPS'];
    if (script !== undefined) return await run(JSON.parse(script) as Step[]);
    const examples = knownSequences.map((sequence): [Step[]] => [[...sequence]]);
    const details = await fc.check(fc.asyncProperty(sequences, run), { numRuns, seed, examples });
    console.log(`property (FORGE_RESUME_SEED=${seed}): ${details.numRuns} sequences, ${steps} steps, ${show(counts)}`);
    if (!details.failed) return;
    const [failing] = details.counterexample ?? [[]];
    const again = `FORGE_RESUME_STEPS='${JSON.stringify(failing)}' npx vitest run --config test/vitest.config.ts test/property`;
    throw new Error(
      `seed ${seed}, path ${details.counterexamplePath}, ${details.numShrinks} shrinks; again with:\n${again}\n${String((details.errorInstance as Error | null)?.message)}`,
      { cause: details.errorInstance },
    );
  } finally {
    await crew.close();
  }
}

const show = (counts: Counts): string => JSON.stringify(Object.fromEntries(Object.entries(counts).sort()));
