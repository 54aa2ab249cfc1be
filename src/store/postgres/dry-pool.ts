import type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './database/driver.ts';

/**
 * A pool of which nothing stays: all who ask it share one connection, whose writes are one transaction that is taken back;
 * what says COMMIT is answered as if it had been done. So a call runs as it is, and sees what it wrote. It holds the project's
 * lock for that long.
 *
 * @param pool - the real one, which ends with this one
 */
export function dryPool(pool: PostgresPool): PostgresPool {
  let shared: Promise<PostgresClient> | undefined;
  return {
    connect: async () => {
      shared ??= pool.connect();
      return dryClient(await shared, () => {
        shared = undefined;
      });
    },
    end: async () => {
      // A connection that is closed takes back what it wrote.
      await shared?.then((client) => client.release(true)).catch(() => undefined);
      await pool.end();
    },
  };
}

/** Of the shared connections, those with an open transaction. */
const open = new WeakSet<PostgresClient>();

function dryClient(client: PostgresClient, forget: () => void): PostgresClient {
  return {
    query: async (query: PostgresQuery) => {
      const { text } = query;
      if (!open.has(client) && /^\s*(INSERT|UPDATE|DELETE)\b/i.test(text)) {
        // Outside of a transaction it would stand at once.
        await client.query({ ...query, text: 'BEGIN', values: undefined });
        open.add(client);
      }
      const inside = open.has(client) ? text.replace(/^COMMIT(; )?/, '').replace(/^BEGIN[^;]*(; )?/, '') : text;
      if (/^ROLLBACK\b/.test(text)) open.delete(client);
      else if (/^BEGIN\b/.test(text)) open.add(client);
      const result = inside === '' ? nothing : await client.query({ ...query, text: inside });
      return /^COMMIT\b/.test(text) ? committed(result) : result;
    },
    release: (destroy) => {
      if (destroy !== true) return;
      forget();
      client.release(true);
    },
    on: (event, listener) => client.on(event, listener),
    off: (event, listener) => client.off(event, listener),
  };
}

const nothing: PostgresResult = { rows: [], rowCount: 0, command: '' };
const done: PostgresResult = { ...nothing, command: 'COMMIT' };

/** The results of what followed a COMMIT, behind that one's. */
const committed = (result: PostgresResult | PostgresResult[]): PostgresResult | PostgresResult[] =>
  Array.isArray(result) ? [done, ...result] : result === nothing ? done : [done, result];
