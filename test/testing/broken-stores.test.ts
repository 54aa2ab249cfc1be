import { describe, expect, it } from 'vitest';
import { createFileWorld } from '../../src/testing/file-world/file-world.ts';
import { storeConformance } from '../../src/testing/store-conformance.ts';
import { thrownBy } from '../support/runs.ts';
import { brokenStores } from './broken-stores.ts';

describe('a store that is broken on purpose fails', () => {
  for (const { defect, alter, cases, says } of brokenStores) {
    it(`for the right reason: it ${defect}`, async () => {
      const all = [...storeConformance(() => createFileWorld({ alter }))];
      const concerned = all.filter(({ name }) => cases.test(name)).slice(0, 3);
      expect(concerned).not.toHaveLength(0);
      for (const { run } of concerned) expect(String(await thrownBy(run()))).toMatch(says);
    });
  }
});
