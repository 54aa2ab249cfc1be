import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Other variables would change how long Node itself takes to start. */
const bareEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] });

/** A process of Node's to run: which Node, script and arguments, and all of its standard input. */
export interface NodeCall {
  readonly node: string;
  readonly args: readonly string[];
  readonly input?: string;
  /** Variables beside PATH. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs Node once to its end, with no environment but PATH and what the call names.
 *
 * @param call - what to run
 */
export function oneProcess({ node, args, input, env = {} }: NodeCall): void {
  const stdio: SpawnSyncOptions['stdio'] = [input === undefined ? 'ignore' : 'pipe', 'ignore', 'ignore'];
  runToEnd(
    node,
    args,
    { env: { ...bareEnvironment(), ...env }, stdio, ...(input === undefined ? {} : { input }) },
    [0],
  );
}

/**
 * Runs a program once to its end, its output unread.
 *
 * @param file - the program
 * @param args - its arguments
 * @param options - of `spawnSync`
 * @param accepted - exit codes that are no failure
 */
export function runToEnd(
  file: string,
  args: readonly string[],
  options: SpawnSyncOptions,
  accepted: readonly number[],
): void {
  const { status, error } = spawnSync(file, args, { stdio: 'ignore', ...options });
  if (error !== undefined) throw error;
  if (status === null || !accepted.includes(status)) throw new Error(`${file} ended with ${status}`);
}

/**
 * Starts Node many times at once, with no environment but PATH, and waits for the last one.
 *
 * @param count - how many
 * @param call - what to run; `input` is not given
 * @returns how many failed or had something to say on standard error
 */
export async function manyProcesses(count: number, { node, args }: NodeCall): Promise<number> {
  const one = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const child = spawn(node, args, { stdio: ['ignore', 'ignore', 'pipe'], env: bareEnvironment() });
      let isQuiet = true;
      child.stderr.on('data', () => {
        isQuiet = false;
      });
      child.on('error', reject);
      child.on('close', (code) => resolve(isQuiet && code === 0));
    });
  const isServed = await Promise.all(Array.from({ length: count }, one));
  return isServed.filter((served) => !served).length;
}

/** Whether a program is in PATH. */
export function isInstalled(name: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
