/** The built program in a pseudo-terminal. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { builtCli, ended } from './program.ts';

/**
 * Runs the program to its end where its standard output is a terminal.
 *
 * @param words - its arguments as a shell reads them
 * @param env - added to an environment in which nothing names a session
 * @returns all that it printed, with the terminal's line ends
 */
export async function runInTerminal(words: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const command = `exec '${process.execPath}' '${join(builtCli, 'forge-resume.cjs')}' ${words}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { env: { PATH, HOME, TERM: 'xterm', ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return (await ended(child)).stdout;
}
