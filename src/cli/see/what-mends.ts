import type { ForgeResumeErrorCode } from '../../errors.ts';
import { shellWords } from './shell-words.ts';

/** Failures that stay until somebody mends what stands in the state directory. */
const codes: ReadonlySet<string> = new Set<ForgeResumeErrorCode>([
  'STATE_UNSAFE',
  'JOURNAL_VERSION',
  'RECOVERY_BLOCKED',
]);

/**
 * The command that looks into a failure.
 *
 * @param code - the failure's
 * @param stateDir - where it failed; by default where the command is typed
 * @returns undefined where no look at the state directory would help
 */
export const whatMends = (code: string, stateDir: string | undefined): readonly string[] | undefined =>
  codes.has(code)
    ? ['forge-resume', 'doctor', ...(stateDir === undefined ? [] : ['--state-dir', stateDir])]
    : undefined;

/**
 * The same for a person, behind a failure's message.
 *
 * @param code - the failure's
 * @param stateDir - where it failed; by default where the command is typed
 */
export function mendingHint(code: string, stateDir: string | undefined): string {
  const command = whatMends(code, stateDir);
  return command === undefined ? '' : `; look into it: ${shellWords(command)}`;
}
