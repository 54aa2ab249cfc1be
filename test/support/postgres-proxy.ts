/** A proxy on loopback in front of a PostgreSQL server that cuts a connection, or falls silent, at a message of the protocol. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** What the proxy does at the message with this number, counted from 1 over both directions; afterwards it only forwards. */
export interface Interference {
  readonly at: number;
  readonly mode: 'cut' | 'silent';
}

/** A running proxy. */
export interface PostgresProxy {
  readonly connectionString: string;
  /** Counts anew, and interferes once; with nothing given it only counts. */
  readonly arrange: (interference?: Interference) => void;
  /** Messages since the last {@link arrange}, each as who said it and its type: `>Q`, `<Z`. */
  readonly messages: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/**
 * Starts a proxy.
 *
 * @param folder - of the server's socket
 */
export async function startPostgresProxy(folder: string): Promise<PostgresProxy> {
  let order: Interference | undefined;
  let seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(join(folder, '.s.PGSQL.5432'));
    let isSilent = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    /** Says of each message whether it goes on. */
    const passes = (message: string): boolean => {
      seen.push(message);
      if (order?.at === seen.length) {
        if (order.mode === 'cut') end();
        else isSilent = true;
        order = undefined;
      }
      return !isSilent && !client.destroyed;
    };
    for (const [from, to, sign] of [
      [client, upstream, '>'],
      [upstream, client, '<'],
    ] as const) {
      sockets.add(from);
      from.on('error', end);
      from.on('close', () => {
        sockets.delete(from);
        end();
      });
      from.on(
        'data',
        framed(sign === '>', (type, bytes) => {
          if (passes(sign + type)) to.write(bytes);
        }),
      );
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    connectionString: `postgres://postgres@127.0.0.1:${port}/postgres`,
    arrange: (interference) => {
      order = interference;
      seen = [];
    },
    messages: () => seen,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Cuts a stream into messages; a client's first one has no type. */
function framed(startsUntyped: boolean, hear: (type: string, bytes: Buffer) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  let isUntyped = startsUntyped;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const head = isUntyped ? 0 : 1;
      if (pending.length < head + 4) return;
      const length = head + pending.readUInt32BE(head);
      if (pending.length < length) return;
      hear(isUntyped ? 'startup' : String.fromCharCode(pending[0] ?? 0), pending.subarray(0, length));
      pending = pending.subarray(length);
      isUntyped = false;
    }
  };
}
