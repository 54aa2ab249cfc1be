import { errorCodes } from '../errors.ts';
import { exitCodeHelp } from './exit-codes.ts';

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

const recording = `Recording: --record FILE keeps the last call, --record DIR/ (or FORGE_RESUME_RECORD=DIR) up to 200, 20 MB at most, as
JSON lines. A call decides the same and never fails for it. Message texts and fields that the rules do not know stay
out, unless --full is given; ids and paths are in it.`;

const mending = `Asks on a terminal; where nobody can be asked it needs --yes, or --dry-run, which prints the same plan and changes
nothing. A plan has an id: with --plan it is done only if nothing has moved since.

With --json one line: {"schema":1,"command","root","plan":{"id","command","from","to","liveness","refusal"},"result"}, or
{"schema":1,"command","error":{"message"}}. "result" is there where something was done.`;

/** The parts of `--help` that teach, one per command. */
export const help = {
  program: `
Set it up once, as hooks of the agent (recommended: they carry the session id):
  $ forge-resume install

That writes, for whichever agent is there:

  Codex, ~/.codex/hooks.json or <project>/.codex/hooks.json;
  Claude Code, the same object in .claude/settings.json:
${hooksConfig}

or as the notification program of Codex, config.toml:
    notify = ["forge-resume", "notify"]

${exitCodeHelp()}

Try it without any setup:
  $ forge-resume demo`,

  status: `
Takes no lock and writes nothing. * is the current session. "ITS OWNER" says whether whoever works on an active run is
still there, and by which sign: its process, its pane, its last turn; "unknown" where nothing tells.

Examples:
  $ forge-resume status
  $ forge-resume ls --watch
  $ forge-resume status --json | jq '.runs[] | select(.active)'

With --json one line: {"schema":1,"root","others","current":{"session","by","error"},"lock":{"state","kind","pid",
"isElsewhere","ageMs"},"journals":[{"source","target"}],"runs":[{"session","active","phase","iteration","owner","pane",
"liveness":{"state","sign"},"changedAt","readable"}]}.

${exitCodeHelp('status')}`,

  doctor: `
Takes no lock and writes nothing. Each finding has an id that stays, what was seen, what it means, a command that mends
it where there is one, and the command that puts it back.

Examples:
  $ forge-resume doctor
  $ forge-resume doctor --explain FR012
  $ forge-resume doctor --json | jq '.findings[].fixes'

With --json one line: {"schema":1,"root","others","findings":[{"id","name","severity","file","evidence","meaning",
"fixes","undo"}]}. "fixes" are argument vectors, of which one is enough; "undo" is one, or null.

${exitCodeHelp('doctor')}`,

  why: `
Runs the call's own statechart with the real state directory, takes no lock and writes nothing. First line: what a call
would do; second: why; third: the one command that would change it. Then each other run with the first rule that rules
it out, or, beyond 20, how many each rule rules out.

For which conversation: the given one, else that of the last call in the log, else the only one with a live run.

Examples:
  $ forge-resume why
  $ forge-resume why launch-2 --session-id 0199a213-81c0
  $ forge-resume why --json --exit-code | jq .reason

With --json one line: {"schema":1,"reason","cause","command","candidates":[{"session","excludedBy"}],"wouldResumeIf",
"error","root","others","session","conversation":{"sessionId","threadId","by"}}. "reason" is null where a call would
throw "error"; "command" is an argument vector or null; "excludedBy" is null for the run that would be taken.

${exitCodeHelp('why')}`,

  reconcile: `
Which session is current is taken from RCS_SESSION_ID, CODEX_SESSION_ID or SESSION_ID, else from session.json.

Examples:
  $ forge-resume reconcile --state-dir .rcs/state --session-id 0199a213-81c0
  $ forge-resume reconcile --state-dir .rcs/state --thread-id 0199a213-81c0 --json | jq .reason

${recording}

Output:
  Without --json one sentence: what happened, and what to do next.
  With --json one line, always: the result, or {"error":{"code","message"}}. A failure is said on standard error too.

${exitCodeHelp('reconcile')}

Errors: ${errorCodes.join(', ')}.
Busy is the reason "resume_lock_timeout".`,

  notify: `
Codex runs this after each turn, config.toml (forge-resume install --notify writes it):
  notify = ["forge-resume", "notify"]

What follows --then is another notification program, which is started with the same payload.

${where} A native payload has no session id, so that a run which
once got one can only be resumed by way of hooks; see forge-resume hook --help.

${promises}

${recording}

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

${recording}

Example:
  $ echo '{"hook_event_name":"Stop","session_id":"0199a213-81c0","cwd":"/home/me/project"}' | forge-resume hook

${exitCodeHelp('hook')}`,

  install: `
Adds one entry for each of SessionStart, UserPromptSubmit and Stop to the agent's own configuration and leaves
everything else there as it is: order, comments, hooks of others. A second run changes nothing. Beside each changed
file a copy of it is kept, and uninstall puts it back. Trust stays yours: Codex runs no hook that you have not
reviewed in /hooks.

Prints the plan as a diff and asks. Where nobody can be asked it needs --yes, or --dry-run, which prints the same
and writes nothing.

Which agents: those that are there, unless --agent says so. Which file: hooks.json or, where only config.toml has
hooks, config.toml of Codex (CODEX_HOME or ~/.codex); settings.json of Claude Code (CLAUDE_CONFIG_DIR or ~/.claude).

Examples:
  $ forge-resume install --dry-run
  $ forge-resume install --project --agent claude --bare
  $ forge-resume install --yes --json | jq '.agents[].files[].path'

With --json one line, at the end: {"schema":1,"command","project","agents":[{"agent","folder","files":[{"path","target",
"action","changes","backup","diff"}],"removed","notes","next"}]}, or {"schema":1,"command","error":{"message"}}. "project"
is null for all projects; "action" is create, edit or remove; "backup" is there where a copy is kept.

${exitCodeHelp('install')}`,

  uninstall: `
Puts each file back byte for byte, if nobody has changed it since, and removes files and folders that install made.
Otherwise it takes out our entries alone. Asks like install.

Examples:
  $ forge-resume uninstall --dry-run
  $ forge-resume uninstall --yes

${exitCodeHelp('uninstall')}`,

  adopt: `
Hands the run of a session over to the current one (RCS_SESSION_ID, CODEX_SESSION_ID or SESSION_ID, else
session.json), or to --into, whoever owns it: where several match, or the owner differs. Prints its plan first: who
loses, who gains, whether the owner lives. Nothing is killed or started; a run whose owner lives needs --from-live.

${mending}

Examples:
  $ forge-resume adopt launch-1 --dry-run
  $ forge-resume adopt launch-1 --into launch-2 --yes --plan 0123456789abcdef

${exitCodeHelp('adopt')}`,

  end: `
Marks the run of a session as cancelled by the user (stop_reason ended_by_user). It does not come back. Nothing is
killed; a run whose owner lives needs --from-live.

${mending}

Examples:
  $ forge-resume end launch-1 --dry-run
  $ forge-resume end launch-1 --yes --json | jq .result.reason

${exitCodeHelp('end')}`,

  undo: `
Gives the run of the current session, or of --from, back to the session that it came from, to the owner and the pane
that it had there. The last hand-over of a run can be taken back, and undo can be taken back, too.

${mending}

Examples:
  $ forge-resume undo --dry-run
  $ forge-resume undo --from launch-2 --yes

${exitCodeHelp('undo')}`,

  completion: `
Commands, flags and values, and the project's sessions where a command takes one.

Set it up:
  bash  echo 'source <(forge-resume completion bash)' >> ~/.bashrc
  zsh   echo 'source <(forge-resume completion zsh)' >> ~/.zshrc     (below compinit)
  fish  forge-resume completion fish > ~/.config/fish/completions/forge-resume.fish

${exitCodeHelp('completion')}`,

  demo: `
Everything happens in a scratch folder and, if tmux is installed, in a private tmux server; both are removed at the
end, also on Ctrl-C.`,

  graph: `
Examples:
  $ forge-resume graph --format svg > chart.svg
  $ forge-resume graph --format dot | dot -Tpdf -o chart.pdf
  $ forge-resume graph --format xstate   # to paste into Stately's editor
  $ forge-resume graph --format json | jq '.transitions[].id'`,

  inspect: `
Serves a page on loopback, for whoever has the address that it prints as its first line, until it is interrupted. What
is recorded meanwhile appears at once. Without an argument it shows the folder that FORGE_RESUME_RECORD names; with
--state-dir the folder logs/recordings beside that directory. A recording holds state: so does what --export writes.

Examples:
  $ forge-resume inspect calls/ --open
  $ forge-resume inspect call.jsonl --export run.html
  $ forge-resume inspect call.jsonl --export run.svg`,

  paths: `
Examples:
  $ forge-resume paths | grep LOCK_LOST
  $ forge-resume paths --json | jq 'select(.expected.reason == "resumed_same_codex_session") | .id'

Output:
  Without --json a line for each path, then what all of them cover of the statechart.
  With --json a line for each path: {"id","description","states","transitions","expected"}.`,
} as const;
