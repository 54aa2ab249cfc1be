/** What every command that makes a call says of its policies. */
export const policyHelp = `Policies, each off unless asked for, by a flag or else by a variable:
  --stale-after 12h        FORGE_RESUME_STALE_AFTER=12h            end a prior run that was idle for longer
  --require-dead-owner     FORGE_RESUME_REQUIRE_DEAD_OWNER=1       take no run whose owner lives
  --refuse-foreign-owner   FORGE_RESUME_REFUSE_FOREIGN_OWNER=1     leave another conversation's current run alone
  --session-from pointer   FORGE_RESUME_SESSION_FROM=pointer       a live session.json decides before variables
  --allowed-sessions a,b   FORGE_RESUME_ALLOWED_SESSIONS=a,b       take runs of these sessions alone`;

/** The same of those that an agent starts. */
export const agentPolicyHelp = `${policyHelp}
A value that cannot be understood is one line on standard error, and no call is made. FORGE_RESUME=off switches the
hand-over off.`;
