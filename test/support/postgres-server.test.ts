import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { needsPostgres, startPostgres } from './postgres-server.ts';

describe.runIf(needsPostgres())('a private PostgreSQL server', () => {
  it('keeps what was committed through a kill, and leaves nothing behind', { timeout: 60_000 }, async () => {
    const server = await startPostgres();
    try {
      const ask = async (text: string): Promise<unknown[]> => {
        const client = new Client(server.connectionString);
        await client.connect();
        try {
          return (await client.query(text)).rows;
        } finally {
          await client.end();
        }
      };
      await ask('CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
      await server.kill();
      await expect(ask('SELECT 1')).rejects.toThrow();
      await server.start();
      expect(await ask('SELECT n FROM kept')).toEqual([{ n: 7 }]);
    } finally {
      await server.stop();
    }
    expect(existsSync(server.folder)).toBe(false);
  });
});
