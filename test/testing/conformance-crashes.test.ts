import { describe, expect, it } from 'vitest';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { storeConformance } from '../../src/testing/store-conformance.ts';

const cases = [...storeConformance(createFileWorld)].filter(({ name }) => name.startsWith('dies '));

describe('promises 1 and 6: the file store recovers from calls that die', () => {
  it('before and after every actor, once and twice', () => {
    expect(cases).toHaveLength(160);
  });

  for (const { name, run } of cases) it(name, run);
});
