/** A server on loopback that takes connections and never says a word. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a test sees of it. */
export interface DeafServer {
  readonly port: number;
  /** How many connections came. */
  readonly calls: () => number;
}

/** Opens it until the test is over. */
export async function openDeafServer(): Promise<DeafServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, calls: () => sockets.length };
}
