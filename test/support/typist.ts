/** Somebody who types into an interactive shell, in a pseudo-terminal. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { builtCli, ended } from './program.ts';

/** How a shell is started without anybody's settings, and how it reads our completion. */
const shells = {
  bash: { start: 'bash --norc --noprofile -i', load: 'source <(forge-resume completion bash)' },
  zsh: { start: 'zsh -f -i', load: 'autoload -Uz compinit; compinit -u; source <(forge-resume completion zsh)' },
  fish: { start: 'fish --no-config -i', load: 'forge-resume completion fish | source' },
} as const;

/** Shells that can be typed into. */
export type TypedShell = keyof typeof shells;

/** A folder with `bin/forge-resume`, which runs the built program, or a script in its place; removed after the test. */
export function makeDesk(script = join(builtCli, 'forge-resume.cjs')): string {
  const desk = fs.realpathSync(fs.mkdtempSync(join(os.tmpdir(), 'forge-desk-')));
  onTestFinished(() => fs.rmSync(desk, { recursive: true, force: true }));
  fs.mkdirSync(join(desk, 'bin'));
  fs.writeFileSync(join(desk, 'bin/forge-resume'), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, {
    mode: 0o755,
  });
  return desk;
}

/** The program of `child/completing.ts`, as a file in a folder. */
export async function buildCompleting(folder: string): Promise<string> {
  const outfile = join(folder, 'completing.cjs');
  const entry = join(import.meta.dirname, 'child/completing.ts');
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
  return outfile;
}

/**
 * Types lines at a shell that has our completion, read twice as by somebody who starts it anew.
 *
 * @param shell - which one
 * @param desk - of {@link makeDesk}; it is worked in `desk/work`, if that is there
 * @param lines - with `\t` wherever the key is pressed
 * @returns what has become of each line when it is complete
 */
export async function typeLines(shell: TypedShell, desk: string, lines: readonly string[]): Promise<string[]> {
  const { start, load } = shells[shell];
  const work = fs.existsSync(join(desk, 'work')) ? join(desk, 'work') : desk;
  const env = {
    PATH: `${join(desk, 'bin')}:${process.env['PATH']}`,
    HOME: desk,
    TERM: 'xterm',
    PS1: '$ ',
    LANG: 'C.UTF-8',
  };
  const child = spawn('script', ['-qec', start, '/dev/null'], { stdio: ['pipe', 'pipe', 'pipe'], env, cwd: work });
  onTestFinished(() => void child.kill('SIGKILL'));
  const found = new Map<number, string>();
  let seen = '';
  const type = (index: number): void => {
    const line = lines[index];
    // Ctrl-A, Ctrl-E: what stands on the line is printed instead of run. The quotes hide the mark in the echo.
    child.stdin.write(line === undefined ? 'exit\n' : `${line}\u0001echo MARK''${index}: \u0005\n`);
  };
  child.stdout.on('data', (part: Buffer) => {
    seen += part;
    if (!found.has(-1) && seen.includes('MARK-1:')) {
      found.set(-1, '');
      type(0);
    }
    for (const [, index = '', text = ''] of seen.matchAll(/MARK(\d+): ([^\r\n]*)\r/g)) {
      if (found.has(Number(index))) continue;
      found.set(Number(index), text.trimEnd());
      type(Number(index) + 1);
    }
  });
  child.stdin.write(`${load}\n${load}\necho MARK''-1:\n`);
  await ended(child);
  if (/readonly|error/i.test(seen)) throw new Error(seen);
  return lines.map((_line, index) => found.get(index) ?? `nothing; seen: ${seen}`);
}
