import { errorCodes } from '../errors.ts';

const entry = '[{ "hooks": [{ "type": "command", "command": "forge-resume hook" }] }]';

const hooksConfig = `  { "hooks": {
      "SessionStart": ${entry},
      "UserPromptSubmit": ${entry},
      "Stop": ${entry} } }`;

const where = `Works in the project: the nearest folder at or above CLAUDE_PROJECT_DIR, where that is set, else at or above the
payload's "cwd", with a .rcs/state that belongs to the owner of the folder where the search began. Does nothing where
there is none, nor for a team worker (RCS_TEAM_INTERNAL_WORKER or RCS_TEAM_WORKER set).`;

const promises = `Prints nothing on standard output and always exits with 0; a failure is one line on standard error. A call that
changed something, found several runs or failed adds a line to .rcs/logs/forge-resume-<UTC date>.jsonl of the project.`;

/** The parts of `--help` that teach, one per command. */
export const help = {
  program: `
Set it up once, as hooks of the agent (recommended: they carry the session id):

  Codex, ~/.codex/hooks.json or <project>/.codex/hooks.json;
  Claude Code, the same object in .claude/settings.json:
${hooksConfig}

or as the notification program of Codex, config.toml:
    notify = ["forge-resume", "notify"]

Exit codes:
  0   done; for notify and hook always
  1   failed, one line on standard error says why
  2   wrong usage
  75  another call held the lock for 5 seconds, try again

Try it without any setup:
  $ forge-resume demo`,

  reconcile: `
Which session is current is taken from RCS_SESSION_ID, CODEX_SESSION_ID or SESSION_ID, else from session.json.

Examples:
  $ forge-resume reconcile --state-dir .rcs/state --session-id 0199a213-81c0
  $ forge-resume reconcile --state-dir .rcs/state --thread-id 0199a213-81c0 --json | jq .reason

Output:
  Without --json one sentence: what happened, and what to do next.
  With --json one line, always: the result, or {"error":{"code","message"}}. A failure is said on standard error too.

Exit codes:
  0   a decision was made; the field "reason" says which
  1   failed: ${errorCodes.join(', ')}
  2   wrong usage
  75  "resume_lock_timeout": another call held the lock for 5 seconds, try again`,

  notify: `
Codex runs this after each turn, config.toml:
  notify = ["forge-resume", "notify"]

${where} A native payload has no session id, so that a run which
once got one can only be resumed by way of hooks; see forge-resume hook --help.

${promises}

Example:
  $ forge-resume notify '{"type":"agent-turn-complete","thread-id":"0199a213-81c0","cwd":"/home/me/project"}'`,

  hook: `
Acts on SessionStart, UserPromptSubmit and Stop, does nothing on other events. For Codex in hooks.json, for
Claude Code in .claude/settings.json:
${hooksConfig}

${where}

Acts as soon as the object is complete, though the pipe stays open; gives up 2 s after the last byte. Reads at most
64 MiB.

${promises}

Example:
  $ echo '{"hook_event_name":"Stop","session_id":"0199a213-81c0","cwd":"/home/me/project"}' | forge-resume hook`,

  demo: `
Everything happens in a scratch folder and, if tmux is installed, in a private tmux server; both are removed at the
end, also on Ctrl-C.`,

  graph: `
Examples:
  $ forge-resume graph --format svg > chart.svg
  $ forge-resume graph --format dot | dot -Tpdf -o chart.pdf
  $ forge-resume graph --format xstate   # to paste into Stately's editor
  $ forge-resume graph --format json | jq '.transitions[].id'`,

  paths: `
Examples:
  $ forge-resume paths | grep LOCK_LOST
  $ forge-resume paths --json | jq 'select(.expected.reason == "resumed_same_codex_session") | .id'

Output:
  Without --json a line for each path, then what all of them cover of the statechart.
  With --json a line for each path: {"id","description","states","transitions","expected"}.`,
} as const;
