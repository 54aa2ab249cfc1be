import { exitCodes } from './exit-codes.ts';
import { printable } from './printable.ts';
import { complain, output, writeText } from './write-line.ts';

/**
 * Says that a command could not do it: one line on standard error, and for programs one object on standard output as well.
 *
 * @param command - as it was typed
 * @param message - what is wrong, and what to do
 * @param json - whether `--json` was given
 * @param fields - what else the command's objects have
 * @returns the exit code
 */
export function fail(command: string, message: string, json = false, fields: object = {}): number {
  if (json) sayError(message, fields);
  complain(`forge-resume ${command}: ${message}`);
  return exitCodes.failure;
}

/**
 * Says in the same way that a command was used wrongly, or that nobody is there to be asked.
 *
 * @returns the exit code
 */
export function refuseUse(...said: Parameters<typeof fail>): number {
  fail(...said);
  return exitCodes.usage;
}

/** The object alone. */
export function sayError(message: string, fields: object = {}): void {
  writeText(output.stdout, `${printable(JSON.stringify({ schema: 1, ...fields, error: { message } }))}\n`);
}
