import type { Journal } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { appendAt, inOwn } from './place.ts';

/**
 * Adds one line about a transfer that ended, for people: in one write, so that what it costs does not grow with the past.
 * It is advice, and not waited for to be durable.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function addToHistory(call: Call, journal: Journal, outcome: 'committed' | 'undone'): void {
  const { transferId, source, target, at } = journal;
  appendAt(call, inOwn(protocol.files.history), `${JSON.stringify({ at, transferId, source, target, outcome })}\n`);
}
