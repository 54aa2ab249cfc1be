import { ForgeResumeError } from '../../../errors.ts';
import type { Journal } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { clearAt, inOwn, putAt, readAt } from './place.ts';

const place = inOwn(protocol.files.history);

/**
 * Adds one line about a transfer that ended, for people. The file is written whole: a line is never half.
 *
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function addToHistory(call: Call, journal: Journal, outcome: 'committed' | 'undone'): Promise<void> {
  const before = readAt(call, place);
  if (before.kind === 'unreadable') throw new ForgeResumeError('STATE_UNSAFE', 'the history cannot be read');
  const { transferId, source, target, at } = journal;
  const line = Buffer.from(`${JSON.stringify({ at, transferId, source, target, outcome })}\n`);
  await putAt(call, place, before.kind === 'file' ? Buffer.concat([before.bytes, line]) : line);
}

/** Removes what a dead call left beside the history. Never throws. */
export const clearHistory = (call: Call): void => clearAt(call, place);
