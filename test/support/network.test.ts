import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Cut, type NetworkHost, needsNetwork, startNetwork } from './network.ts';
import { processGone } from './tmux-server.ts';

/** Runs a script on a host. */
function onHost({ inside: [program = '', ...args] }: NetworkHost, script: string) {
  return spawn(program, [...args, process.execPath, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

describe.runIf(needsNetwork())('a network of hosts', () => {
  it('is silent where it is cut, in each direction, and leaves nothing', async () => {
    const network = await startNetwork();
    onTestFinished(() => network.stop());
    const [client, server] = [await network.addHost(), await network.addHost()];
    const echo = onHost(
      server,
      `require('node:net').createServer((socket) => {
         socket.on('error', () => {}).on('data', (bytes) => { console.log(String(bytes)); socket.write(bytes); });
       }).listen(5000, '${server.address}', () => console.log('listens'))`,
    );
    let heard = '';
    echo.stdout.on('data', (bytes) => {
      heard += bytes;
    });
    await once(echo.stdout, 'data');
    /** What a client hears within 300 ms of saying a word on a connection that was there before. */
    const ask = async (word: string, cut?: Cut): Promise<string> => {
      const asking = onHost(
        client,
        `const socket = require('node:net').connect(5000, '${server.address}', () => console.log('connected'));
         socket.on('data', () => { console.log('answered'); process.exit(); });
         socket.on('error', ({ code }) => { console.log(code); process.exit(); });
         process.on('SIGTERM', () => { socket.write('${word}'); setTimeout(() => { console.log('silence'); process.exit(); }, 300); });`,
      );
      const ended = once(asking, 'exit');
      const [said] = await once(asking.stdout, 'data');
      expect(String(said)).toBe('connected\n');
      if (cut !== undefined) client.cut(cut);
      asking.kill('SIGTERM');
      const [end] = await once(asking.stdout, 'data');
      await ended;
      client.heal();
      return String(end).trim();
    };
    const ends: Record<string, string> = {};
    for (const cut of [undefined, 'both', 'requests', 'replies', undefined] as const) {
      // What was dropped may come late, where a client has ended and the way is free again.
      const word = `word ${Math.random()}`;
      const end = await ask(word, cut);
      ends[String(cut)] = `${end}, ${heard.includes(word) ? 'heard' : 'unheard'}`;
    }
    expect(ends).toEqual({
      undefined: 'answered, heard',
      both: 'silence, unheard',
      requests: 'silence, unheard',
      replies: 'silence, heard',
    });
    echo.kill();
    await network.stop();
    await Promise.all([client, server].map(({ inside }) => processGone(Number(inside[2]))));
  });
});
