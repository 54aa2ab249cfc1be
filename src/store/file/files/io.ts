import { ForgeResumeError } from '../../../errors.ts';

/** The code of an operating system error, such as `ENOENT`; empty for anything else. */
export function osCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Whether an error says that a path, or a folder on the way to it, is not there. */
export function isAbsence(error: unknown): boolean {
  const code = osCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Runs something that creates or writes; what fails becomes an `IO` error (src/rules/README.md#rule-9-errors).
 *
 * @param what - what is being done, for the message
 * @param action - the calls
 */
export function changing<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ForgeResumeError) throw error;
    throw new ForgeResumeError('IO', `could not ${what}`, error);
  }
}

/**
 * Runs something whose failure must change neither result nor error: a release, a removal
 * (src/rules/README.md#rule-9-errors).
 *
 * @param action - the calls
 * @returns the answer, or undefined if it failed
 */
export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
