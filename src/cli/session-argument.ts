import { InvalidArgumentError } from 'commander';
import { isSessionId } from '../rules/session-id.ts';

/**
 * Reads a session's id on the command line.
 *
 * @param value - as it was typed
 * @throws InvalidArgumentError where it can be none
 */
export function sessionArgument(value: string): string {
  if (isSessionId(value)) return value;
  throw new InvalidArgumentError(
    'It is no session id (letters, digits, _ and -, 64 at most); forge-resume status lists them.',
  );
}
