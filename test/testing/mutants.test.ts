import { describe, expect, it } from 'vitest';
import { resumePaths } from '../../src/graph/paths.ts';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { runPath } from '../../src/testing/run-path.ts';
import { thrownBy } from '../support/runs.ts';
import { mutantSurvivors } from './mutant-survivors.ts';
import { mutants } from './mutants.ts';

const all = [...mutants()];

describe('the mutants of the machine', () => {
  it('are as many as before, each with a name of its own, and every survivor is one of them', () => {
    expect(all).toHaveLength(275);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const id of Object.keys(mutantSurvivors)) expect(all.map((mutant) => mutant.id)).toContain(id);
  });

  it.each(['not targetTaken', 'to locked.transfer.commit', 'without notePane'])(
    'fail a path that takes what was changed: %s',
    async (change) => {
      const mutant = all.find(({ id }) => id.endsWith(`: ${change}`));
      const paths = resumePaths({ through: mutant?.transition ?? '' });
      const path =
        paths.find(({ output }) => output.updatedOwner) ?? paths.find(({ expected }) => expected.kind === 'result');
      if (mutant === undefined || path === undefined) throw new Error(`there is no mutant ${change}`);
      const world = createFileWorld();
      try {
        await thrownBy(runPath(path, world, mutant.machine));
      } finally {
        world.dispose();
      }
    },
  );
});
