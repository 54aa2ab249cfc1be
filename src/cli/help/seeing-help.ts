import { exitCodeHelp } from '../exit-codes.ts';
import { policyHelp } from './policy-help.ts';

/** What teaches the commands that show what is there. */
export const seeingHelp = {
  status: `
Takes no lock and writes nothing. * is the current session. "ITS OWNER" says whether whoever works on an active run is
still there, and by which sign: its process, its pane, its last turn; "unknown" where nothing tells.

With --session-from pointer (or FORGE_RESUME_SESSION_FROM=pointer) the current session is that of a call with this policy.

Examples:
  $ forge-resume status
  $ forge-resume ls --watch
  $ forge-resume status --json | jq '.runs[] | select(.active)'

With --json one line: {"schema":1,"root","others","current":{"session","by","error"},"lock":{"state","kind","pid",
"isElsewhere","ageMs"},"journals":[{"source","target"}],"runs":[{"session","active","phase","iteration","owner","pane",
"liveness":{"state","sign"},"changedAt","readable"}]}.

${exitCodeHelp('status')}`,

  doctor: `
Takes no lock and writes nothing, except with --fix. Each finding has an id that stays, what was seen, what it means,
the commands that mend it where there are some, and the command that puts it back.

--fix mends one finding after the other, each under the lock and only as it was seen; runs are changed by the machine.
All bytes that are replaced or removed are kept in .forge-resume/quarantine. What needs a person is left: which of two
owners goes on, the agents' configuration, where the project lies.

Examples:
  $ forge-resume doctor
  $ forge-resume doctor --fix --only FR003
  $ forge-resume doctor --explain FR012
  $ forge-resume doctor --json | jq '.findings[].fixes'

With --json one line: {"schema":1,"root","others","findings":[{"id","name","severity","file","evidence","meaning",
"fixes","undo"}]}. "fixes" are argument vectors, of which one is enough; "undo" is one, or null. With --fix also
"mended":[{"id","file","kept","undo"}] and "unmended":[{"id","file","message"}]; "findings" are those that are left.

${exitCodeHelp('doctor')}`,

  why: `
Runs the call's own statechart with the real state directory, takes no lock and writes nothing. First line: what a call
would do; second: why; third: the one command that would change it. Then each other run with the first rule that rules
it out, or, beyond 20, how many each rule rules out.

For which conversation: the given one, else that of the last call in the log, else the only one with a live run.

With --last what calls really decided, newest first, in the same form: from the history and the log of the agents' calls.
The third line is what to do now.

${policyHelp}

Examples:
  $ forge-resume why
  $ forge-resume why launch-2 --session-id 0199a213-81c0
  $ forge-resume why --json --exit-code | jq .reason
  $ forge-resume why --last 3

With --json one line: {"schema":1,"reason","cause","command","candidates":[{"session","excludedBy"}],"wouldResumeIf",
"error","root","others","session","conversation":{"sessionId","threadId","by"}}. "reason" is null where a call would
throw "error"; "command" is an argument vector or null; "excludedBy" is null for the run that would be taken.
With --last: {"schema":1,"root","others","decisions":[{"at","what","reason","answer","cause","command","from","to","count",
"firstAt"}],"unreadable"}, as history has them.

${exitCodeHelp('why')}`,

  report: `
One page in Markdown: versions, what doctor and why find, and the last 50 events of history. Sessions and conversations
get other names, the same name for the same one; project, home, user and host are replaced, and what the rules do not
know is left out. Look through it all the same: no program knows what you hold private.

What why finds is that of a call with the policies that are asked for, by a flag or else by a variable; see why --help.

Without a file it is printed, no more. With one it is printed first; then somebody at a terminal is asked, and where
nobody can be asked it needs --yes. A file that is there is replaced only by somebody who was asked.

Examples:
  $ forge-resume report
  $ forge-resume report bug.md
  $ forge-resume report --json | jq '.doctor.findings[].id'

With --json one line: {"schema":1,"at","versions":{"package","node","system","tmux","lock"},"doctor":{"count",
"findings":[{"id","name","severity","file","evidence"}]},"why":{"reason","session","conversation":{"name","by"},
"couldResume","candidates":[{"session","excludedBy"}],"error"},"history":{"events":[{"at","what","from","to","pid",
"transferId","reason","count","firstAt"}],"unreadable"}}. A part that could not be made is {"error"}.

${exitCodeHelp('report')}`,

  history: `
From history.jsonl in .rcs/state/.forge-resume, which every call writes that moves, ends or repairs something, and from
the log of the agents' calls, which keeps what was refused. Newest first; the same refusal in a row counts up. Takes no
lock and writes nothing. Where the runs are in PostgreSQL, what moved or ended on any host is from there; where that does
not answer, the rest is shown.

Examples:
  $ forge-resume history
  $ forge-resume log --session launch-2 --since 2d
  $ forge-resume history --json --limit 1000 | jq '.events[] | select(.what == "refused")'

With --json one line: {"schema":1,"root","others","events":[{"at","what","from","to","pid","transferId","reason",
"conversation":{"sessionId","threadId"},"count","firstAt"}],"unreadable":[{"file","lines"}]}. "what" is resumed, adopted,
given_back, taken_back, given_up, recovered, copy_ended, ended, mended, refused or failed; what is not known is null.
Where the runs are in PostgreSQL also "store":{"url","project"}.

${exitCodeHelp('history')}`,
} as const;
