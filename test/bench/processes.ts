import { type SpawnSyncOptions, spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A whole environment: PATH, and what a call needs. Others would change how long Node itself takes to start. */
const environment = (env: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  ...env,
});

/**
 * Runs Node once to its end.
 *
 * @param args - script and arguments
 * @param env - the whole environment beside PATH
 */
export function oneProcess(args: readonly string[], env: Readonly<Record<string, string>>): void {
  runToEnd(process.execPath, args, { env: environment(env) }, [0]);
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
 * Starts Node many times at once and waits for the last one.
 *
 * @param count - how many
 * @param args - script and arguments
 * @param env - the whole environment beside PATH
 * @returns how many failed or had something to say on standard error
 */
export async function manyProcesses(
  count: number,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const one = (): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env: environment(env) });
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
