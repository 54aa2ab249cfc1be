/** A package registry of what is installed here, so that `npm install` needs no network. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '../../node_modules');

function packument(name: string, origin: string): object | undefined {
  const file = join(modules, name, 'package.json');
  if (!existsSync(file)) return undefined;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  const { version } = manifest;
  const dist = { tarball: `${origin}/-/${name}` };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

/**
 * Starts a registry on the loopback interface.
 *
 * @returns the running server, and its address
 */
export async function startRegistry(): Promise<{ readonly server: Server; readonly url: string }> {
  let url = '';
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    if (path.startsWith('-/')) {
      const args = ['-czf', '-', '-C', join(modules, path.slice(2)), '--transform', 's,^\\.,package,', '.'];
      spawn('tar', args, { stdio: ['ignore', 'pipe', 'ignore'] }).stdout.pipe(response);
      return;
    }
    const found = packument(path, url);
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, url };
}
