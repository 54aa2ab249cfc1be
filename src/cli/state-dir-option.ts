import { InvalidArgumentError } from 'commander';

/**
 * Reads the value of `--state-dir`.
 *
 * @param value - as it was typed
 * @throws InvalidArgumentError where it is empty
 */
export function stateDirArgument(value: string): string {
  if (value === '') throw new InvalidArgumentError('It is empty.');
  return value;
}

/** `--state-dir` of commands that find the project themselves. */
export const stateDirOption = [
  '--state-dir <dir>',
  "the state directory; else the project's at or above this folder",
  stateDirArgument,
] as const;
