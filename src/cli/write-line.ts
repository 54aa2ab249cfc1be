import { writeSync } from 'node:fs';
import { printable } from './printable.ts';

/** File descriptor of an output of this process. */
export const output = { stdout: 1, stderr: 2 } as const;

/**
 * Stands still.
 *
 * @param ms - for how long, milliseconds
 */
export const pauseMs = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

/**
 * Writes text to one of our outputs at once, so that an exit right after it loses nothing. A reader that has gone
 * away or never reads breaks nothing: what cannot be written within about a second is dropped.
 *
 * @param fd - the output
 * @param text - text of ours, already {@link printable} where parts of it are foreign
 */
export function writeText(fd: number, text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  for (let attempt = 0; rest.length > 0 && attempt < 100; ) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      attempt += 1;
      pauseMs(10);
    }
  }
}

/** Longest line for people, UTF-16 units: an error's message can hold a path of any length. */
const longestLine = 2_000;

/**
 * Says one thing on standard error, as one line whatever the text holds.
 *
 * @param text - any text
 */
export function complain(text: string): void {
  writeText(output.stderr, `${printable(text, longestLine)}\n`);
}
