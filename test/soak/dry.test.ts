import { expect, it } from 'vitest';
import { resumePaths } from '../../src/graph/paths.ts';
import { compareOnPaths } from '../dry/every-path.ts';
import { compareDry } from '../dry/same-answer.ts';
import { chosenSeed } from '../support/race/random.ts';

it('10,000 random directories: a call that writes nothing comes to what the real one comes to', async () => {
  const { faults } = await compareDry(10_000, chosenSeed());
  expect(faults).toEqual([]);
}, 7_200_000);

it('every path of the chart: a call that writes nothing comes to what the real one comes to', async () => {
  const report = await compareOnPaths(resumePaths());
  expect(report.faults).toEqual([]);
  expect(Object.keys(report.recovered).length).toBeGreaterThan(5);
}, 7_200_000);
