import { describe, expect, it } from 'vitest';
import { meetInRounds } from '../../support/postgres-crowd.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { useLibrary, usePostgres } from '../../support/use-postgres.ts';

describe.runIf(needsPostgres())('a crowd on four hosts, one database', () => {
  const used = usePostgres();
  const library = useLibrary();

  it('one live run behind each round, in the database and in files; no confirmed turn is lost or mixed', {
    timeout: 300_000,
  }, async () => {
    const size = { hosts: 4, processes: 8, rounds: 3 };
    const report = await meetInRounds({
      pool: used.pool,
      connectionString: used.server.connectionString,
      library: library.path,
      ...size,
    });
    expect(report.faults).toEqual([]);
    expect(report.turns).toBeGreaterThan(0);
  });
});
