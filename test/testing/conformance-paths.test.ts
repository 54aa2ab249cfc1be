import { afterAll, describe, expect, it } from 'vitest';
import { resumePaths } from '../../src/graph/paths.ts';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { storeConformance } from '../../src/testing/store-conformance.ts';

const ids = new Set(resumePaths().map(({ id }) => id));
const cases = [...storeConformance(createFileWorld)].filter(({ name }) => ids.has(name.split(':')[0] ?? ''));
const before = process.cpuUsage();

describe('the file store takes every path', () => {
  it('and no path is forgotten', () => {
    expect(cases).toHaveLength(resumePaths().length);
  });

  for (const { name, run } of cases) it(name, run);

  afterAll(() => {
    const { user, system } = process.cpuUsage(before);
    // Processor time, which other work on the machine does not stretch as it does the clock's.
    expect((user + system) / 1e6).toBeLessThan(30);
  });
});
