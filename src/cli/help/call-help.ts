import { errorCodes } from '../../errors.ts';
import { exitCodeHelp } from '../exit-codes.ts';
import { hooksConfig } from './hooks-config.ts';
import { agentPolicyHelp, policyHelp } from './policy-help.ts';
import { recordingHelp } from './recording-help.ts';

const where = `Works in the project: the nearest folder at or above CLAUDE_PROJECT_DIR, where that is set, else at or above the
payload's "cwd", with a .rcs/state that belongs to the owner of the folder where the search began. Does nothing where
there is none, nor for a team worker (RCS_TEAM_INTERNAL_WORKER or RCS_TEAM_WORKER set).`;

const promises = `Prints nothing on standard output and always exits with 0; a failure is one line on standard error. A call that
changed something, found several runs or failed adds a line to .rcs/logs/forge-resume-<UTC date>.jsonl of the project;
with FORGE_RESUME_LOG=all every call does, with its reason. 14 days are kept, at most 2 MiB of each.`;

/** What teaches the commands that make a call. */
export const callHelp = {
  reconcile: `
Which session is current is taken from RCS_SESSION_ID, CODEX_SESSION_ID or SESSION_ID, else from session.json.

Examples:
  $ forge-resume reconcile --state-dir .rcs/state --session-id 0199a213-81c0
  $ forge-resume reconcile --state-dir .rcs/state --thread-id 0199a213-81c0 --json | jq .reason

${policyHelp}

${recordingHelp}

Output:
  Without --json one sentence: what happened, and what to do next.
  With --json one line, always: "schema":1 and the fields of the result ("reason", "resumed", "sourcePath", ...), or
  {"schema":1,"error":{"code","message"}}. A failure is said on standard error too.

${exitCodeHelp('reconcile')}

Errors: ${errorCodes.join(', ')}.
Busy is the reason "resume_lock_timeout".`,

  notify: `
Codex runs this after each turn, config.toml (forge-resume install --notify writes it):
  notify = ["forge-resume", "notify"]

What follows --then is another notification program, which is started with the same payload.

${where}

A native payload has no session id, so that a run which once got one can only be resumed by way of hooks; see
forge-resume hook --help.

${promises}

${agentPolicyHelp}

${recordingHelp}

Example:
  $ forge-resume notify '{"type":"agent-turn-complete","thread-id":"0199a213-81c0","cwd":"/home/me/project"}'

${exitCodeHelp('notify')}`,

  hook: `
Acts on SessionStart, UserPromptSubmit and Stop, does nothing on other events. For Codex in hooks.json, for
Claude Code in .claude/settings.json:
${hooksConfig}

${where}

Acts as soon as the object is complete, though the pipe stays open; gives up 2 s after the last byte. Reads at most
64 MiB.

${promises}

${agentPolicyHelp}

${recordingHelp}

Example:
  $ echo '{"hook_event_name":"Stop","session_id":"0199a213-81c0","cwd":"/home/me/project"}' | forge-resume hook

${exitCodeHelp('hook')}`,
} as const;
