import { ForgeResumeError } from '../../../errors.ts';
import type { Journal } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { clearOwn, putOwn, readOwn } from './own-file.ts';

const file = { name: protocol.files.history };

/**
 * Adds one line about a transfer that ended, for people. The file is written whole: a line is never half.
 *
 * @param call - a call that holds the lock
 * @param journal - the transfer
 * @param outcome - how it ended
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export async function addToHistory(call: Call, journal: Journal, outcome: 'committed' | 'undone'): Promise<void> {
  const before = readOwn(call, file);
  if (before.kind === 'unreadable') throw new ForgeResumeError('STATE_UNSAFE', `${file.name} cannot be read`);
  const { transferId, source, target, at } = journal;
  const line = Buffer.from(`${JSON.stringify({ at, transferId, source, target, outcome })}\n`);
  await putOwn(call, file, before.kind === 'file' ? Buffer.concat([before.bytes, line]) : line);
}

/** Removes what a dead call left beside the history. Never throws. */
export const clearHistory = (call: Call): void => clearOwn(call, file);
