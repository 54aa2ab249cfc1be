/** A primary with an asynchronous standby, which is cut off, and promoted once the primary is gone. */
import pg from 'pg';
import type { PostgresPool } from '../../src/store/postgres/database/driver.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** The pair, as its clients see it: one address. */
export interface Pair {
  /** Asks whichever is the primary. */
  readonly pool: pg.Pool;
  /** Lets the standby come up to what is committed, and hear nothing from then on. */
  readonly cutOff: () => Promise<void>;
  /** Kills the primary, promotes the standby, and lets clients go there. */
  readonly promote: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts both. */
export async function startPair(): Promise<Pair> {
  const primary = await startPostgres();
  let standby: PostgresServer | undefined;
  const pools: pg.Pool[] = [];
  const poolOf = ({ connectionString }: PostgresServer): pg.Pool => {
    const pool = new pg.Pool({ connectionString });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(pools.map((pool) => pool.end()));
    await standby?.stop();
    await primary.stop();
  };
  try {
    standby = await startPostgres({}, { follows: primary });
  } catch (error) {
    await stop();
    throw error;
  }
  const [first, second] = [poolOf(primary), poolOf(standby)];
  let current = first;
  const address: PostgresPool & Pick<pg.Pool, 'query'> = {
    connect: () => current.connect() as unknown as ReturnType<PostgresPool['connect']>,
    query: ((text: string, values: unknown[]) => current.query(text, values)) as pg.Pool['query'],
    end: async () => undefined,
  };
  const until = async (text: string, values: unknown[] = []): Promise<void> => {
    const deadline = Date.now() + 30_000;
    while ((await second.query(text, values)).rows[0].so !== true) {
      if (Date.now() > deadline) throw new Error(`the standby does not come to: ${text}`);
    }
  };
  return {
    pool: address as unknown as pg.Pool,
    cutOff: async () => {
      const { rows } = await first.query('SELECT pg_current_wal_flush_lsn() AS lsn');
      await until('SELECT pg_last_wal_replay_lsn() >= $1 AS so', [rows[0].lsn]);
      await second.query("ALTER SYSTEM SET primary_conninfo = ''");
      await second.query('SELECT pg_reload_conf()');
      await until('SELECT count(*) = 0 AS so FROM pg_stat_wal_receiver');
    },
    promote: async () => {
      await primary.kill();
      await second.query('SELECT pg_promote(true, 60)');
      current = second;
    },
    stop,
  };
}
