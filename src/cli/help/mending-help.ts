import { exitCodeHelp } from '../exit-codes.ts';
import { recordingHelp } from './recording-help.ts';

const mending = `Asks on a terminal; where nobody can be asked it needs --yes, or --dry-run, which prints the same plan and changes
nothing. A plan has an id: with --plan it is done only if nothing has moved since.

With --json one line: {"schema":1,"command","root","others","plan":{"id","command","from","to","liveness","refusal"},
"result"}, or {"schema":1,"command","error":{"message"}}. "result" is there where something was done.

${recordingHelp}`;

/** What teaches the commands that move or end a run by hand. */
export const mendingHelp = {
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
Marks the run of a session as cancelled by the user (stop_reason ended_by_user). It does not come back by itself: its
bytes are kept in .forge-resume/quarantine, and what puts them back is printed; with --json it is "undo", an argument
vector. Nothing is killed; a run whose owner lives needs --from-live.

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
} as const;
