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

/** Who types, where, and what. */
interface Typing {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Typed once the program asks, such as `y\r`. */
  readonly answer: string;
  /** By what it is known that it asks. */
  readonly when?: string;
  /** What happens while somebody thinks about it. */
  readonly meanwhile?: () => void;
}

/**
 * What somebody at a terminal sees who types an answer, when asked.
 *
 * @param words - the program's arguments as a shell reads them
 * @param typing - who types what
 * @returns all that they see, with `exit <code>` as the last line
 */
export async function answerInTerminal(
  words: string,
  { cwd, env = {}, answer, when = '[y/N]', meanwhile = () => {} }: Typing,
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const command = `'${process.execPath}' '${join(builtCli, 'forge-resume.cjs')}' ${words}; echo "exit $?"`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH, HOME, TERM: 'xterm', ...env },
    cwd,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let seen = '';
  child.stdout.on('data', (part: Buffer) => {
    if (!seen.includes(when) && (seen + part).includes(when)) {
      meanwhile();
      child.stdin.write(answer);
    }
    seen += part;
  });
  await ended(child);
  return seen.replaceAll('\r\n', '\n');
}
