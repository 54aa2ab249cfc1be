import { describe, expect, it } from 'vitest';
import { storeConformance } from '../../../src/testing/store-conformance.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { createPostgresWorld, neverOfPostgres } from '../../support/postgres-world.ts';
import { thrownBy } from '../../support/runs.ts';
import { usePostgres } from '../../support/use-postgres.ts';
import { brokenPostgres } from './broken-stores.ts';

describe.runIf(needsPostgres())('a PostgreSQL store that is broken on purpose fails', () => {
  const used = usePostgres();

  for (const { defect, alter, cases, says } of brokenPostgres) {
    it(`for the right reason: it ${defect}`, async () => {
      const all = [...storeConformance(() => createPostgresWorld(used.pool, { alter }), { never: neverOfPostgres })];
      const concerned = all.filter(({ name }) => cases.test(name)).slice(0, 2);
      expect(concerned).not.toHaveLength(0);
      for (const { run } of concerned) expect(String(await thrownBy(run()))).toMatch(says);
    });
  }
});
