import type { LivenessSign } from '../../rules/liveness.ts';
import { printable } from '../printable.ts';
import type { Paint } from './paint.ts';
import type { RunStatus, Status } from './status-facts.ts';
import { type Column, span, tableLines } from './table.ts';

/** What became of an owner, in words that fit a column. */
const lives: Readonly<Record<LivenessSign, string>> = {
  process_alive: 'live: process',
  pane_agent: 'live: agent',
  recent_turn: 'live: turn',
  process_gone: 'dead: no process',
  pid_reused: 'dead: pid reused',
  other_boot: 'dead: other boot',
  pane_gone: 'dead: no pane',
  pane_without_agent: 'dead: no agent',
  before_boot: 'dead: before boot',
  no_sign: 'unknown',
};

const columns: readonly Column[] = [
  { name: 'SESSION', most: 'rest' },
  { name: 'PHASE', most: 9 },
  { name: 'TURN', most: 4 },
  { name: 'OWNER', most: 14 },
  { name: 'PANE', most: 4 },
  { name: 'AGE', most: 6 },
  { name: 'ITS OWNER', most: 17 },
];

/**
 * The status for a person, 80 columns wide where no path is longer.
 *
 * @param status - what is known
 * @param paint - emphasises
 * @param now - epoch milliseconds
 */
export function statusText(status: Status, paint: (paint: Paint, text: string) => string, now: number): string {
  const [names = '', ...rows] = tableLines(
    columns,
    status.runs.map((run) => cells(run, status.current.session, now)),
  );
  const runs = status.runs.map((run, index) => {
    const row = rows[index] ?? '';
    if (!run.active) return paint('dim', row);
    if (run.liveness.state === 'live') return paint('green', row);
    return run.liveness.state === 'dead' ? paint('yellow', row) : row;
  });
  return [
    `Project  ${printable(status.root)}`,
    ...status.others.map((other) => `         not used: ${printable(other)}`),
    ...(status.store ? [`Store    ${printable(`${status.store.url}, project ${status.store.project}`)}`] : []),
    `Current  ${currentWords(status)}`,
    `Lock     ${lockWords(status.lock)}`,
    ...status.journals.map(
      ({ source, target }) => `Journal  ${source} -> ${target}: unfinished, the next call settles it`,
    ),
    '',
    ...(runs.length === 0 ? [status.store ? noneYet : 'No runs.'] : [paint('bold', names), ...runs]),
    '',
  ].join('\n');
}

const noneYet = "No runs in the database yet: the next call brings in those of this host's files.";

function currentWords({ current }: Status): string {
  if (current.error !== null) return printable(current.error);
  if (current.session === null) return 'no session: neither the environment nor session.json names one that is there';
  return `${current.session}, by ${current.by}`;
}

function lockWords({ state, kind, pid, isElsewhere, ageMs }: Status['lock']): string {
  if (kind === 'database') return state === 'free' ? state : `${state}: a call on some host has it`;
  const made = kind === 'kernel' ? "the kernel's lock and the folder" : 'the folder alone, which is weaker';
  if (state === 'free') return `free (${made})`;
  const who = pid === null ? 'somebody' : `process ${pid}${isElsewhere ? ' of another container or machine' : ''}`;
  const what = state === 'dead' ? 'which is gone' : `touched ${span(ageMs ?? 0)} ago`;
  return `${state}: ${who}, ${what} (${made})`;
}

function cells(run: RunStatus, current: string | null, now: number): string[] {
  const { session, phase, iteration, owner, pane, liveness, changedAt } = run;
  const mark = session === current ? '*' : '';
  const word = !run.readable ? 'unreadable' : run.active ? lives[liveness.sign] : 'ended';
  return [
    mark + session,
    phase ?? '-',
    String(iteration ?? '-'),
    owner?.replace(/^(session|thread):/, '') ?? '-',
    pane ?? '-',
    changedAt === null ? '-' : span(now - Date.parse(changedAt)),
    word,
  ];
}
