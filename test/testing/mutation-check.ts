/** Runs the generated paths, on real files, against every mutant of the machine. */

import { type ResumePath, resumePaths } from '../../src/graph/paths.ts';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { runPath } from '../../src/testing/run-path.ts';
import { mutantSurvivors } from './mutant-survivors.ts';
import { type Mutant, mutants } from './mutants.ts';

/** Least share of mutants that the paths must kill. */
const bar = 0.95;

/**
 * Checks every mutant and prints the figures.
 *
 * @returns whether enough were killed, every survivor is explained, and no explanation is stale
 */
export async function mutationCheck(print: (line: string) => void): Promise<boolean> {
  const paths = resumePaths();
  const survivors: string[] = [];
  let total = 0;
  for (const mutant of mutants()) {
    total += 1;
    if (!(await isKilled(mutant, paths))) survivors.push(mutant.id);
  }
  const killed = total - survivors.length;
  print(`${killed} of ${total} mutants killed (${((100 * killed) / total).toFixed(1)} %) by ${paths.length} paths`);
  for (const id of survivors) print(`survives: ${id}: ${mutantSurvivors[id] ?? 'NOT EXPLAINED'}`);
  const stale = Object.keys(mutantSurvivors).filter((id) => !survivors.includes(id));
  for (const id of stale) print(`explained, but killed or gone: ${id}`);
  return killed / total >= bar && stale.length === 0 && survivors.every((id) => id in mutantSurvivors);
}

async function isKilled(mutant: Mutant, paths: readonly ResumePath[]): Promise<boolean> {
  for (const path of closestFirst(mutant, paths)) {
    const world = createFileWorld();
    try {
      await runPath(path, world, mutant.machine);
    } catch {
      return true;
    } finally {
      world.dispose();
    }
  }
  return false;
}

/** Paths that take the changed transition, then those that pass its state, then the others; short ones first. */
function closestFirst({ state, transition }: Mutant, paths: readonly ResumePath[]): ResumePath[] {
  const distance = ({ steps, states }: ResumePath): number => {
    if (steps.some((step) => step.transition === transition)) return 0;
    return states.some((name) => name === state || name.startsWith(`${state}.`)) ? 1 : 2;
  };
  return [...paths].sort((a, b) => distance(a) - distance(b) || a.steps.length - b.steps.length);
}
