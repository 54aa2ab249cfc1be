import { messageOf } from '../errors.ts';

/**
 * What is said of a failure: its message, or, where a file of the program is not there or was cut off, what to do.
 *
 * @param error - whatever was thrown
 */
export function failureText(error: unknown): string {
  const { code = 'damaged' } = error as { code?: string };
  const isBroken = error instanceof SyntaxError || code === 'MODULE_NOT_FOUND';
  return isBroken ? `a part of the program cannot be loaded (${code}); install the package again` : messageOf(error);
}
