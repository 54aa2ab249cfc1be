import { createInterface } from 'node:readline';

/** Whether somebody is there to be asked. */
export const isAtTerminal = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/**
 * Asks a person on the terminal; whatever is no yes, and the end of the input, is a no.
 *
 * @param question - one line
 */
export function confirm(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    reader.once('close', () => resolve(false));
    reader.question(`${question} [y/N] `, (answer) => {
      resolve(/^\s*y(es)?\s*$/i.test(answer));
      reader.close();
    });
  });
}
