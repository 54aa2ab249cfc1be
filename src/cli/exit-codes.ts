/** What the program's exit code says; `notify` and `hook` always exit with `ok`. */
export const exitCodes = {
  /** A decision was made, whichever. */
  ok: 0,
  /** The call failed; standard error says why. */
  failure: 1,
  /** Unknown command or option, or one that is missing. */
  usage: 2,
  /** Another call held the lock; trying again may help (`EX_TEMPFAIL` of sysexits). */
  tryAgain: 75,
} as const;
