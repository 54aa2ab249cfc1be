/** A real PostgreSQL for a test file, as a user of the command line names it. */
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';

/** What tests see of it. */
export interface StoreServer {
  /** Its address for a user, such as `postgres`, who may do everything. */
  readonly url: (user?: string, password?: string) => string;
  /** Runs one statement as the superuser. */
  readonly ask: (text: string, values?: unknown[]) => Promise<readonly Record<string, unknown>[]>;
  readonly server: () => PostgresServer;
}

/** Starts it before the tests of a file, and ends it behind them. */
export function useStoreServer(): StoreServer {
  let server: PostgresServer | undefined;
  beforeAll(async () => {
    server = await startPostgres();
  }, 120_000);
  afterAll(() => server?.stop());
  const started = (): PostgresServer => {
    if (server === undefined) throw new Error('the server is not started yet');
    return server;
  };
  const url: StoreServer['url'] = (user = 'postgres', password) =>
    `postgres://${user}${password === undefined ? '' : `:${password}`}@${encodeURIComponent(started().folder)}/postgres`;
  return {
    url,
    server: started,
    ask: async (text, values = []) => {
      const client = new pg.Client({ connectionString: url() });
      await client.connect();
      try {
        return (await client.query(text, values)).rows;
      } finally {
        await client.end();
      }
    },
  };
}
