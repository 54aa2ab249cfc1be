import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scratchFolder } from '../inspect/recording/folder.ts';
import { runProgram } from '../support/program.ts';

it('inspect says in one line why it cannot serve, and what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const folder = scratchFolder();
  expect(await runProgram(['inspect', folder, '--port', String(port)])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `forge-resume inspect: port ${port} cannot be had (EADDRINUSE); name another one, or leave --port out\n`,
  });
  fs.symlinkSync('loop', join(folder, 'loop'));
  expect(await runProgram(['inspect', join(folder, 'loop')])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^forge-resume inspect: ELOOP[^\n]*\n$/),
  });
});
