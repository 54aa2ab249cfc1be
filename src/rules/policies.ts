/**
 * What a caller may ask for beyond the rules (src/rules/README.md#policies). Each is off unless given, and a call without
 * any decides by the rules alone. JSON-safe.
 */
export interface Policies {
  /**
   * A prior run that has been idle for longer is ended as `stale_active_state`, not resumed; milliseconds, more than 0.
   * Idle since the newest of `updated_at`, `last_turn_at` and `tmux_pane_set_at`, else since the file was written. The
   * current session's run is never ended so.
   */
  readonly staleAfter?: number | undefined;
  /**
   * A run is handed over only where its owner is dead, or nothing tells; else the call ends as `prior_owner_live`, with
   * the sign in `owner`. A run whose owner lives is not stale either.
   */
  readonly requireDeadOwner?: boolean | undefined;
  /**
   * The current session's active run is left as it is where it names another conversation than the payload:
   * `current_forge_foreign`. By default its owner and its pane are brought up to date all the same.
   */
  readonly refuseForeignOwner?: boolean | undefined;
  /**
   * `pointer`: where `session.json` names a process that lives, it decides which session is current, and a variable that a
   * process inherited does not.
   */
  readonly sessionFrom?: 'pointer' | undefined;
  /** Only runs of these sessions may be taken, or ended as stale; others are no candidates. Ids; by default of any session. */
  readonly allowedSessions?: readonly string[] | undefined;
}

const names = ['staleAfter', 'requireDeadOwner', 'refuseForeignOwner', 'sessionFrom', 'allowedSessions'] as const;

/**
 * The policies among a caller's options.
 *
 * @param options - the caller's
 * @returns undefined where none is asked for
 */
export function policiesIn(options: Policies): Policies | undefined {
  const given = names.filter((name) => options[name]).map((name) => [name, options[name]] as const);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
