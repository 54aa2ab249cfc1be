import { closeSync, openSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../machines/guards.ts';
import { shellWords } from '../see/shell-words.ts';

/** How long others are waited for, and how often they are asked, milliseconds; what they do takes a moment. */
const wait = { forMs: 5_000, everyMs: 20 };

/**
 * Does something while nobody else does, on this host: who holds the lock has made its file. One that was left by somebody who
 * was killed is for a person to remove: of two who find it old at once, the slower one would take the quicker one's away.
 *
 * @param lock - path of the lock's file; its folder is there
 * @param action - what; it waits for nobody
 * @throws what the action throws; the system's error; Error that says what to do where others hold it for 5 s
 */
export async function oneAtATime<Result>(lock: string, action: () => Result): Promise<Result> {
  const deadline = performance.now() + wait.forMs;
  while (!take(lock)) {
    if (performance.now() > deadline)
      throw new Error(
        `${lock} is another forge-resume's; try again, or where none is at work: ${shellWords(['rm', '--', lock])}`,
      );
    await pause(wait.everyMs);
  }
  try {
    return action();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    return false;
  }
}
