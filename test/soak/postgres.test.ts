import { describe, expect, it } from 'vitest';
import { meetInRounds } from '../support/postgres-crowd.ts';
import { killEverywhere } from '../support/postgres-kill-matrix.ts';
import { startPostgresProxy } from '../support/postgres-proxy.ts';
import { needsPostgres } from '../support/postgres-server.ts';
import { cutEverywhere } from '../support/postgres-wire.ts';
import { useLibrary, usePostgres } from '../support/use-postgres.ts';

describe.runIf(needsPostgres())('runs in PostgreSQL', () => {
  const used = usePostgres();
  const library = useLibrary();

  it('32 processes on 4 hosts, 50 rounds: one live run behind each, no turn lost', async () => {
    const size = { hosts: 4, processes: 32, rounds: 50 };
    const report = await meetInRounds({
      pool: used.pool,
      connectionString: used.server.connectionString,
      library: library.path,
      ...size,
    });
    console.log(`a crowd on four hosts: ${JSON.stringify({ ...size, ...report })}`);
    expect(report.faults).toEqual([]);
  });

  it('killed at every file call of a host, in every scenario', async () => {
    const report = await killEverywhere({
      pool: used.pool,
      connectionString: used.server.connectionString,
      library: library.path,
      every: 1,
    });
    console.log(`killed at file calls: ${JSON.stringify(report)}`);
    expect(report.faults).toEqual([]);
  });

  it('the connection cut at every message of a hand-over', async () => {
    const proxy = await startPostgresProxy(used.server.folder);
    try {
      console.log(`cut at messages: ${JSON.stringify(await cutEverywhere({ pool: used.pool, proxy }, 1))}`);
    } finally {
      await proxy.stop();
    }
  });
});
