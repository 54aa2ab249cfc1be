import { describe, expect, it } from 'vitest';
import { killEverywhere } from '../../support/postgres-kill-matrix.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { useLibrary, usePostgres } from '../../support/use-postgres.ts';

describe.runIf(needsPostgres())('a host whose call is killed while it writes files', () => {
  const used = usePostgres();
  const library = useLibrary();

  it('is mended by the next one: one live run, whole turns, files that are their rows, nothing left over', {
    timeout: 300_000,
  }, async () => {
    const report = await killEverywhere({
      pool: used.pool,
      connectionString: used.server.connectionString,
      library: library.path,
      every: 11,
    });
    expect(report.faults).toEqual([]);
    expect(Object.values(report.points).every((count) => count > 15)).toBe(true);
  });
});
