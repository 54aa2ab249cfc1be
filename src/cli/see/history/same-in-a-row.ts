import type { HistoryEvent } from './event.ts';

/** Something that happened, once or several times in a row. */
export interface CountedEvent extends HistoryEvent {
  readonly count: number;
  /** When it happened the first time, ISO 8601. */
  readonly firstAt: string;
}

/** What happens anew after each turn until somebody does something about it. */
const counted = ['refused', 'failed', 'up_to_date'];

/**
 * Counts the same refusal in a row as one, which is shown as it was the last time.
 *
 * @param events - oldest first
 * @returns oldest first
 */
export function sameInARow(events: readonly HistoryEvent[]): CountedEvent[] {
  const rows: CountedEvent[] = [];
  for (const event of events) {
    const last = rows.at(-1);
    const isSame = last !== undefined && counted.includes(event.what) && keyOf(last) === keyOf(event);
    if (!isSame) rows.push({ ...event, count: 1, firstAt: event.at });
    else rows[rows.length - 1] = { ...event, count: last.count + 1, firstAt: last.firstAt };
  }
  return rows;
}

const keyOf = ({ what, to, reason, conversation, message }: HistoryEvent): string =>
  JSON.stringify([what, to, reason, conversation, message]);
