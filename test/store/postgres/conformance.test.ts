import { describe, expect, it } from 'vitest';
import { storeConformance } from '../../../src/testing/store-conformance.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { createPostgresWorld, neverOfPostgres } from '../../support/postgres-world.ts';
import { usePostgres } from '../../support/use-postgres.ts';

describe.runIf(needsPostgres())('the PostgreSQL store takes every path, and recovers from calls that die', () => {
  const used = usePostgres();
  const cases = [...storeConformance(() => createPostgresWorld(used.pool), { never: neverOfPostgres })];

  it('and none is forgotten', () => {
    expect(cases.length).toBe(892);
  });

  for (const { name, run } of cases) it(name, run);
});
