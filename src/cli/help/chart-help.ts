import { exitCodeHelp } from '../exit-codes.ts';

/** What teaches the commands that show the statechart, and calls as it ran them. */
export const chartHelp = {
  demo: `
Everything happens in a scratch folder and, if tmux is installed, in a private tmux server; both are removed at the
end, also on Ctrl-C.

${exitCodeHelp('demo')}`,

  graph: `
Examples:
  $ forge-resume graph --format svg > chart.svg
  $ forge-resume graph --format dot | dot -Tpdf -o chart.pdf
  $ forge-resume graph --format xstate   # to paste into Stately's editor
  $ forge-resume graph --format json | jq '.transitions[].id'

${exitCodeHelp('graph')}`,

  inspect: `
Serves a page on loopback, for whoever has the address that it prints as its first line, until it is interrupted. What
is recorded meanwhile appears at once. Without an argument it shows the folder that FORGE_RESUME_RECORD names, else
logs/recordings beside the state directory of the project, which --state-dir names or which is found at or above this
folder. A recording holds state: so does what --export writes.

Examples:
  $ forge-resume inspect calls/ --open
  $ forge-resume inspect call.jsonl --export run.html
  $ forge-resume inspect call.jsonl --export run.svg

${exitCodeHelp('inspect')}`,

  paths: `
Examples:
  $ forge-resume paths | grep LOCK_LOST
  $ forge-resume paths --json | jq 'select(.expected.reason == "resumed_same_codex_session") | .id'

Output:
  Without --json a line for each path, then what all of them cover of the statechart.
  With --json a line for each path: {"id","description","states","transitions","expected"}.

${exitCodeHelp('paths')}`,
} as const;
