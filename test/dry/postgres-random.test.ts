import { describe, expect, it } from 'vitest';
import { needsPostgres } from '../support/postgres-server.ts';
import { chosenSeed } from '../support/race/random.ts';
import { usePostgres } from '../support/use-postgres.ts';
import { comparePostgresDry } from './postgres-random.ts';

describe.runIf(needsPostgres())('a call of which nothing stays, on PostgreSQL', () => {
  const used = usePostgres();

  it('comes to what the real one comes to, in random states of rows and of two hosts’ files', async () => {
    const place = { url: used.server.connectionString, project: 'dry' };
    const { faults } = await comparePostgresDry(place, used.pool, 60, chosenSeed());
    expect(faults).toEqual([]);
  }, 120_000);
});
