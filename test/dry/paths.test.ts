import { expect, it } from 'vitest';
import { resumePaths } from '../../src/graph/paths.ts';
import { chosenSeed } from '../support/race/random.ts';
import { compareOnPaths } from './every-path.ts';

/** One path of so many; the long suite takes all. */
const share = 16;

it('a call that writes nothing comes to what the real one comes to, wherever paths of the chart lead', async () => {
  const offset = chosenSeed() % share;
  const report = await compareOnPaths(resumePaths().filter((_path, index) => index % share === offset));
  expect(report.faults).toEqual([]);
  expect(Object.keys(report.answers).length).toBeGreaterThan(3);
}, 120_000);
