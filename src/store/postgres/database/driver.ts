import type { Socket } from 'node:net';
import type { ClientConfig } from 'pg';
import type { PasswordPlace } from './password-file.ts';

/** What the store needs of `pg`, as types of its own: whoever brings no `pg` can still read our declarations. */

/** How long a server may take to take a connection, and to answer a statement, milliseconds: an agent waits. */
export const answerLimitMs = 2_000;
/** When an attempt to connect is ended, milliseconds: whoever waited for it has given up by then. */
const connectLimitMs = answerLimitMs + 100;

/** What a statement gave back. */
export interface PostgresResult {
  /** One object for each row, by the names of the columns. */
  // biome-ignore lint/suspicious/noExplicitAny: as the driver declares it
  readonly rows: any[];
  /** How many rows it gave back or changed; null where the statement counts none. */
  readonly rowCount: number | null;
  /** The command's tag: what the server made of it. */
  readonly command: string;
}

/** One statement, or several without values in one message. */
export interface PostgresQuery {
  /** SQL, its parameters as `$1`, `$2`; several statements have none. */
  readonly text: string;
  /** Values of the parameters, in order; absent where there are none. */
  readonly values?: unknown[] | undefined;
}

/** One connection; `pg`'s pooled client is one. */
export interface PostgresClient {
  /** For several statements the driver gives one result each. */
  query(query: PostgresQuery): Promise<PostgresResult | PostgresResult[]>;
  /** Gives it back; with true it is closed and never used again. */
  release(destroy?: boolean): void;
  /** Has somebody told that the connection broke, which ends the process where nobody is. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Takes back {@link PostgresClient.on}, before the connection is given back. */
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** Hands out connections; `pg`'s `Pool` is one. */
export interface PostgresPool {
  /** Hands one out. The store waits 2 s for it; what comes later is given back. */
  connect(): Promise<PostgresClient>;
  /** Ends all of them. The store calls it for a pool that it made itself alone. */
  end(): Promise<void>;
}

/**
 * Loads `pg` and makes a pool of it.
 *
 * @param connectionString - as `pg` reads it, TLS included; a password that it lacks is looked for in `PGPASSWORD` and `~/.pgpass`
 * @throws Error that says what to install where `pg` is missing
 */
export async function openPool(connectionString: string): Promise<PostgresPool> {
  const { default: pg } = await import('pg').catch((error: unknown) => {
    throw new Error('the PostgreSQL store needs the package pg: npm install pg', { cause: error });
  });
  const { PostgresSocket } = await import('./socket.ts');
  const { filedPassword } = await import('./password-file.ts');
  class Client extends pg.Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      const own = this as unknown as PasswordPlace & {
        password: string | null | (() => string);
        readonly connection: { readonly stream: Socket };
      };
      // Only a function is asked late, by a server that wants one; in the settings the address would hide it.
      own.password ??= () => {
        try {
          return filedPassword(own);
        } catch (error) {
          // The server would wait for it, and the process for the server.
          setImmediate(() => own.connection.stream.destroy());
          throw error;
        }
      };
    }
  }
  const stream = (): Socket => new PostgresSocket();
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: connectLimitMs, Client, stream });
  // An idle connection that breaks is replaced; without a listener it would end the process.
  pool.on('error', () => undefined);
  return pool as unknown as PostgresPool;
}
