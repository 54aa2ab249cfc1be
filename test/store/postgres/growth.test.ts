import { describe, expect, it } from 'vitest';
import { costOfCalls, growTo } from '../../support/postgres-growth.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

describe.runIf(needsPostgres())('tables that have grown', () => {
  const used = usePostgres();

  it('no statement of a call reads one from end to end, and a call touches few blocks more than it did', {
    timeout: 120_000,
  }, async () => {
    await growTo(used.pool, 1_000);
    const small = await costOfCalls(used.pool, 1_000);
    await growTo(used.pool, 30_000);
    const large = await costOfCalls(used.pool, 30_000);
    expect(large.whole).toEqual([]);
    expect(large.statements).toBeGreaterThan(20);
    expect(large.blocks.look).toBeLessThan(3 * small.blocks.look);
    expect(large.blocks.handOver).toBeLessThan(3 * small.blocks.handOver);
  });
});
