/** The built program `forge-resume` as the agent and the user run it: a child process. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** Folder of the built command line; `build-once.ts` sees to it. */
export const builtCli = fileURLToPath(new URL('../../dist/cli/', import.meta.url));

/** How a child process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a run of the program is given beside its arguments. */
export interface RunOptions {
  /** All of standard input; empty by default. */
  readonly input?: string | Buffer;
  /** Standard input instead: a descriptor, or a pipe that is left to the caller and stays open. */
  readonly stdin?: number | 'open';
  /** Added to an environment in which nothing names a session, a pane or a team worker. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder; default the one of the tests. */
  readonly cwd?: string;
  /** Folder of the program's files; default {@link builtCli}. */
  readonly folder?: string;
  /** What stands before the command; default nothing. */
  readonly inside?: readonly string[];
}

/** Starts the program. */
export function startProgram(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const program = join(options.folder ?? builtCli, 'forge-resume.cjs');
  const { stdin = 'pipe' } = options;
  const [file = '', ...rest] = [...(options.inside ?? []), process.execPath, program, ...args];
  const child = spawn(file, rest, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { PATH, HOME, TMPDIR, ...options.env },
    stdio: [stdin === 'open' ? 'pipe' : stdin, 'pipe', 'pipe'],
  }) as ChildProcessWithoutNullStreams;
  // Only a test that fails leaves one running.
  onTestFinished(() => void child.kill('SIGKILL'));
  // The program may rightly leave before it has read everything.
  child.stdin?.on('error', () => {});
  if (stdin === 'pipe') child.stdin.end(options.input ?? '');
  return child;
}

/** Resolves once a child process has ended and its outputs are read to their ends. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const closed = new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.once('close', (code, signal) => resolve([code, signal]));
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await closed;
  return { code, signal, stdout, stderr };
}

/** Runs the program to its end. */
export function runProgram(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return ended(startProgram(args, options));
}

/** What an agent sees of a call that went as promised and had nothing to complain about. */
export const silent: Ended = { code: 0, signal: null, stdout: '', stderr: '' };

/** A complaint as promised to an agent: exit 0, nothing on standard output, one line on standard error. */
export const oneLine = (pattern: RegExp) => ({
  code: 0,
  signal: null,
  stdout: '',
  stderr: { asymmetricMatch: (said: unknown) => /^[^\n]+\n$/.test(String(said)) && pattern.test(String(said)) },
});

/** The records in a project's log, oldest first; none where there is no log. */
export function logOf(project: string): Record<string, unknown>[] {
  const folder = join(project, '.rcs', 'logs');
  if (!existsSync(folder)) return [];
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
