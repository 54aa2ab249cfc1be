import { closeSync, lstatSync, openSync, rmSync, unlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf } from '../../../machines/guards.ts';

/** What is done under it takes a moment: one that is older was left by somebody who was killed. */
const staleMs = 10_000;
/** How long others are waited for, and how often they are asked, milliseconds. */
const wait = { forMs: 15_000, everyMs: 20 };

/**
 * Does something while nobody else does, on this host: who holds the lock has made its file. One that was left 10 s ago counts
 * as none.
 *
 * @param lock - path of the lock's file; its folder is there
 * @param action - what; it waits for nobody
 * @throws what the action throws; the system's error; Error that says what to do where others hold it for 15 s
 */
export async function oneAtATime<Result>(lock: string, action: () => Result): Promise<Result> {
  const deadline = performance.now() + wait.forMs;
  while (!take(lock)) {
    if (performance.now() > deadline) throw new Error(`${lock} is another forge-resume's; try again`);
    await pause(wait.everyMs);
  }
  try {
    return action();
  } finally {
    unlinkSync(lock);
  }
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
  const there = lstatSync(lock, { throwIfNoEntry: false });
  if (there !== undefined && Math.abs(Date.now() - there.mtimeMs) > staleMs) rmSync(lock, { force: true });
  return false;
}
