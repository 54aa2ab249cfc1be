/** The closed set of codes that a {@link ForgeResumeError} can carry. */
export const errorCodes = [
  /** The lock went to somebody else while we held it and could not be taken again. */
  'LOCK_LOST',
  /** The run's file changed faster than it could be replaced safely. */
  'SOURCE_BUSY',
  /** A file or folder is not what it must be: a link, no regular file, of a wrong owner, too deep to write. */
  'STATE_UNSAFE',
  /** A journal of a version that this release does not know. */
  'JOURNAL_VERSION',
  /** An unfinished transfer of these very sessions cannot be settled, because one of its run files cannot be read. */
  'RECOVERY_BLOCKED',
  /** The call was made from inside a hook of a call on the same state directory, which waits for it. */
  'REENTRANT',
  /** A run was handed over since it was read: what was to be written is of an older epoch (PostgreSQL). */
  'OWNER_CHANGED',
  /** The operating system refused to create, write, sync or rename; `cause` says what. */
  'IO',
] as const;

/** One of the codes in {@link errorCodes}. */
export type ForgeResumeErrorCode = (typeof errorCodes)[number];

/**
 * The only error class that this package creates (src/rules/README.md#rule-9-errors). Errors of hooks and abort reasons
 * pass through as they are.
 *
 * @example
 * try { await reconcileForgeSessionResume(options) } catch (error) {
 *   if (error instanceof ForgeResumeError && error.code === 'SOURCE_BUSY') retryAfterNextTurn();
 * }
 */
export class ForgeResumeError extends Error {
  /** Tells it apart where two copies of the package are loaded. */
  override readonly name = 'ForgeResumeError';
  /** Stable code, one of {@link errorCodes}. */
  readonly code: ForgeResumeErrorCode;

  /**
   * @param code - one of {@link errorCodes}
   * @param message - what was being done, without the cause's message
   * @param cause - the original error; its message is appended to ours
   */
  constructor(code: ForgeResumeErrorCode, message: string, cause?: unknown) {
    super(cause === undefined ? message : `${message}: ${messageOf(cause)}`, cause === undefined ? {} : { cause });
    this.code = code;
  }

  /**
   * What `JSON.stringify` makes of it, which sees no message of an error by itself.
   *
   * @returns name, code and message; the message holds the cause's
   */
  toJSON(): { name: string; code: ForgeResumeErrorCode; message: string } {
    return { name: this.name, code: this.code, message: this.message };
  }
}

/**
 * The message of anything that was thrown.
 *
 * @param thrown - an error or any other value
 */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
