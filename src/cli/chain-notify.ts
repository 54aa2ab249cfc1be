import { spawn } from 'node:child_process';

/**
 * Starts the notification program that was there before us, as the agent would: by its words and the payload, nobody
 * waiting for it.
 *
 * @param words - the program, its arguments and the payload
 * @param say - told of one that cannot be started
 */
export function startChained([program = '', ...args]: readonly string[], say: (text: string) => void): void {
  const child = spawn(program, args, { stdio: 'inherit' });
  // The event comes too late: we may have left by then.
  child.once('error', () => {});
  if (child.pid === undefined) say(`${program}, which was the notification program before, cannot be started`);
  child.unref();
}
