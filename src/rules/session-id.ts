import { protocol } from './protocol.ts';
import { asText } from './text.ts';

const sessionIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Whether a value is an RCS session id as written: 1 to 64 letters, digits, `_` or `-` (src/rules/README.md#files).
 * Anything that becomes a folder name passes through here first.
 *
 * @param value - any value; only strings can be ids
 */
export function isSessionId(value: unknown): value is string {
  // `$` would also match before a final newline in multi-line mode only; the pattern has no flags.
  return typeof value === 'string' && sessionIdPattern.test(value);
}

/**
 * The one session id that the environment proposes (src/rules/README.md#rule-2-current-session): of `RCS_SESSION_ID`,
 * `CODEX_SESSION_ID` and `SESSION_ID` the first whose trimmed value is a valid id. Later ones are never tried.
 *
 * @param env - the environment of the call
 * @returns the id, or undefined if no variable holds a valid one
 */
export function sessionIdFromEnv(env: Readonly<Record<string, unknown>>): string | undefined {
  for (const name of protocol.env.sessionIds) {
    const value = asText(env[name]).trim();
    if (isSessionId(value)) return value;
  }
  return undefined;
}
