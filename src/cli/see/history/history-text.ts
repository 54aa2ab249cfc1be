import { printable } from '../../printable.ts';
import type { painter } from '../paint.ts';
import { type Column, tableLines } from '../table.ts';
import { happenings } from './event.ts';
import type { History, Unreadable } from './history-facts.ts';
import type { CountedEvent } from './same-in-a-row.ts';
import { shortReasons } from './short-reasons.ts';

const columns: readonly Column[] = [
  { name: 'WHEN (UTC)', most: 14 },
  { name: 'WHAT', most: 10 },
  { name: 'FROM', most: 11 },
  { name: 'TO', most: 11 },
  { name: 'PID', most: 7 },
  // A transfer's id whole: undo takes it.
  { name: 'TRANSFER, OR WHY', most: 17 },
];

const colours = { failed: 'red', refused: 'yellow', recovered: 'green' } as const;

/**
 * The history for a person, newest first, 80 columns wide where no path is longer.
 *
 * @param history - what is known
 * @param paint - emphasises
 * @param now - epoch milliseconds
 */
export function historyText(history: History, paint: ReturnType<typeof painter>, now: number): string {
  const { root, others, events, unreadable, store } = history;
  const [names = '', ...rows] = tableLines(
    columns,
    events.map((event) => cells(event, now)),
  );
  const painted = rows.map((row, index) => {
    const what = events[index]?.what ?? '';
    return Object.hasOwn(colours, what) ? paint(colours[what as keyof typeof colours], row) : row;
  });
  return [
    `Project  ${printable(root)}`,
    ...others.map((other) => `         not used: ${printable(other)}`),
    ...(store ? [`Store    ${printable(`${store.url}, project ${store.project}`)}`] : []),
    '',
    ...(events.length === 0 ? ['Nothing is on record.'] : [paint('bold', names), ...painted]),
    ...noteAbout(unreadable),
    '',
  ].join('\n');
}

/**
 * What is said of lines and files that cannot be shown: one line, or none.
 *
 * @param unreadable - which
 */
export function noteAbout(unreadable: readonly Unreadable[]): string[] {
  if (unreadable.length === 0) return [];
  const lines = unreadable.reduce((sum, one) => sum + (one.lines ?? 0), 0);
  const files = unreadable.filter((one) => one.lines === null).map(({ file }) => file);
  const parts = [
    ...(lines === 0 ? [] : [`${lines} ${lines === 1 ? 'line' : 'lines'} that are torn or of another kind`]),
    ...(files.length === 0 ? [] : [`${files.join(', ')}, which cannot be read`]),
  ];
  return ['', printable(`Not shown: ${parts.join(', and ')}`)];
}

function cells({ at, what, from, to, pid, transferId, reason, count }: CountedEvent, now: number): string[] {
  const name = Object.hasOwn(happenings, what) ? happenings[what as keyof typeof happenings] : what;
  const why = reason === null ? '-' : (shortReasons.get(reason) ?? reason);
  const times = count === 1 ? '' : `${count}x `;
  return [whenText(at, now), name, from ?? '-', to ?? '-', String(pid ?? '-'), transferId ?? times + why];
}

/**
 * An instant as it fits a column: of this year with the time, else the date.
 *
 * @param at - ISO 8601
 * @param now - epoch milliseconds
 */
export function whenText(at: string, now: number): string {
  const isThisYear = at.slice(0, 4) === new Date(now).toISOString().slice(0, 4);
  return isThisYear ? `${at.slice(5, 10)} ${at.slice(11, 19)}` : at.slice(0, 10);
}
