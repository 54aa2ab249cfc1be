import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../../src/store/postgres/database/connection.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

describe.runIf(needsPostgres())('one connection', () => {
  const used = usePostgres();

  it('sends one statement at a time: pg warns of those that queue, on an agent’s standard error', async () => {
    const connection = await Connection.open(used.pool as never);
    onTestFinished(() => connection.close(true));
    const warned = once(process, 'warning', { signal: AbortSignal.timeout(300) });
    const texts = ['SELECT 1 AS n', 'SELECT 2 AS n', 'SELECT 3 AS n'];
    const answers = await Promise.all(texts.map((text) => connection.query(text)));
    expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2, 3]);
    await expect(warned).rejects.toThrow('aborted');
  });

  it('what waits behind a statement that fails is sent all the same', async () => {
    const connection = await Connection.open(used.pool as never);
    onTestFinished(() => connection.close(true));
    const [failed, sent] = await Promise.allSettled([connection.query('SELECT 1 / 0'), connection.query('SELECT 2')]);
    expect([failed?.status, sent?.status]).toEqual(['rejected', 'fulfilled']);
  });
});
