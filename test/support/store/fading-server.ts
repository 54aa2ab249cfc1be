/** A way to a PostgreSQL server that falls silent for good, in the middle of a call. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What the server says when it is ready for the next statement. */
const ready = Buffer.from([0x5a, 0, 0, 0, 5]);

/**
 * Opens the way until the test is over.
 *
 * @param folder - of the server's socket
 * @param answers - after so many answers, on whichever connection, nothing is heard of it any more
 * @returns its port on loopback
 */
export async function openFadingServer(folder: string, answers: number): Promise<number> {
  let left = answers;
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(join(folder, '.s.PGSQL.5432'));
    sockets.push(
      client.on('error', () => undefined),
      upstream.on('error', () => undefined),
    );
    client.on('data', (bytes) => {
      if (left > 0) upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (left <= 0) return;
      client.write(bytes);
      if (bytes.includes(ready)) left -= 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
