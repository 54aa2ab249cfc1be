import { exitCodeHelp } from '../exit-codes.ts';
import { policyHelp } from './policy-help.ts';

/** What teaches the commands that set up an agent or a shell. */
export const installHelp = {
  install: `
Adds one entry for each of SessionStart, UserPromptSubmit and Stop to the agent's own configuration and leaves
everything else there as it is: order, comments, hooks of others. A second run changes nothing. Beside each changed
file a copy of it is kept, and uninstall puts it back. Trust stays yours: Codex runs no hook that you have not
reviewed in /hooks.

Prints the plan as a diff and asks. Where nobody can be asked it needs --yes, or --dry-run, which prints the same
and writes nothing.

Which agents: those that are there, unless --agent says so. Which file: hooks.json or, where only config.toml has
hooks, config.toml of Codex (CODEX_HOME or ~/.codex); settings.json of Claude Code (CLAUDE_CONFIG_DIR or ~/.claude).

--record, --follow-links and the policies are handed on to the hook, as they are given; without them a later run takes
them out again. A notification program (--notify) goes by the policies' variables.

${policyHelp}

Examples:
  $ forge-resume install --dry-run
  $ forge-resume install --require-dead-owner --stale-after 7d
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

  completion: `
Commands, flags and values, and the project's sessions where a command takes one.

Set it up:
  bash  echo 'source <(forge-resume completion bash)' >> ~/.bashrc
  zsh   echo 'source <(forge-resume completion zsh)' >> ~/.zshrc     (below compinit)
  fish  forge-resume completion fish > ~/.config/fish/completions/forge-resume.fish

${exitCodeHelp('completion')}`,
} as const;
