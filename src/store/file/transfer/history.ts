import { protocol } from '../../../rules/protocol.ts';
import type { Call } from './call.ts';
import { appendAt, inOwn } from './place.ts';

/** One line of the history. */
export type HistoryEntry = { readonly at: string } & (
  | {
      /** A hand-over that took effect, or one that was taken back before it did. */
      readonly outcome: 'committed' | 'undone';
      readonly transferId: string;
      readonly source: string;
      readonly target: string;
      /** What a person asked for; absent for an automatic hand-over. */
      readonly command?: 'adopt' | 'undo' | undefined;
    }
  /** A copy that had come back to life was ended. */
  | { readonly outcome: 'copy_ended'; readonly transferId: string; readonly session: string; readonly keeper: string }
  /** A run was ended for good. */
  | { readonly outcome: 'ended'; readonly session: string; readonly stopReason: string }
);

/**
 * Adds one line, for people: in one write, so that what it costs does not grow with the past; what is older than the last
 * megabyte or two goes. It is advice, and not waited for to be durable.
 *
 * @param call - a call that holds the lock
 * @param entry - what happened; the process is added
 * @throws ForgeResumeError `IO`, `LOCK_LOST`, `STATE_UNSAFE`
 */
export function addToHistory(call: Call, { at, ...entry }: HistoryEntry): void {
  const line = `${JSON.stringify({ at, ...entry, pid: process.pid })}\n`;
  const { history, olderHistory } = protocol.files;
  appendAt(call, inOwn(history), line, { most: protocol.limits.historyBytes, older: olderHistory });
}
