import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scratchFolder } from '../inspect/recording/folder.ts';
import { ended, runProgram, startProgram } from '../support/program.ts';

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
  fs.writeFileSync(join(folder, 'notes'), 'meow\n');
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const [name, sentence] of [
    ['notes', 'notes: This is no recording of forge-session-resume'],
    ['pipe', 'pipe is no file; name a recording, or a folder of them'],
  ] as const) {
    const said = await runProgram(['inspect', join(folder, name)]);
    expect(said).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(sentence) });
  }
  fs.symlinkSync('loop', join(folder, 'loop'));
  expect(await runProgram(['inspect', join(folder, 'loop')])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^forge-resume inspect: ELOOP[^\n]*\n$/),
  });
});

it('inspect --open starts the browser with an address of its own, and says where there is none', async () => {
  const folder = scratchFolder();
  const seen = join(folder, 'seen');
  execFileSync('mkfifo', [seen]);
  fs.writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > '${seen}'\n`, { mode: 0o755 });
  const child = startProgram(['inspect', folder, '--open'], { env: { PATH: `${folder}:${process.env['PATH']}` } });
  const end = ended(child);
  const opened = await fs.promises.readFile(seen, 'utf8');
  const page = await fetch(opened);
  expect(page.status).toBe(200);
  expect((await fetch(opened)).status).toBe(403);
  child.kill('SIGTERM');
  const { code, stdout } = await end;
  expect(code).toBe(0);
  expect(new URL(stdout.trim()).host).toBe(new URL(opened).host);
  expect(stdout.trim()).not.toBe(opened);
  const alone = startProgram(['inspect', folder, '--open'], { env: { PATH: '' } });
  const said = ended(alone);
  await new Promise((resolve) => alone.stderr?.once('data', resolve));
  alone.kill('SIGTERM');
  expect(await said).toMatchObject({ code: 0, stderr: expect.stringContaining('no browser could be opened') });
});
