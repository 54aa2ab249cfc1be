import type { RecoveryOutcome } from '../../../../machines/contract.ts';
import type { JournalSides } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import type { Staleness } from '../../../rules/staleness.ts';
import { appendAt } from './append.ts';
import type { Call } from './call.ts';
import { inOwn } from './place.ts';

/** One line of the history: what happened, and when, ISO 8601. */
export type HistoryEntry = { readonly at: string } & (
  | {
      /** A hand-over that took effect, was taken back, was given up before it wrote, or fits none of its runs any more. */
      readonly outcome: 'committed' | 'undone' | 'dropped' | 'quarantined';
      /** Id of the transfer. */
      readonly transferId: string;
      /** Session that the run moved from. */
      readonly source: string;
      /** Session that it moved to. */
      readonly target: string;
      /** What a person asked for; absent for an automatic hand-over. */
      readonly command?: 'adopt' | 'undo' | undefined;
      /** What a later call made of it that found it unfinished; absent where the call itself ended it. */
      readonly recovery?: RecoveryOutcome | undefined;
    }
  /** A copy that had come back to life was ended. */
  | { readonly outcome: 'copy_ended'; readonly transferId: string; readonly session: string; readonly keeper: string }
  /** A run was ended for good; how long it had been idle, where that is why. */
  | ({ readonly outcome: 'ended'; readonly session: string; readonly stopReason: string } & Partial<Staleness>)
  /** A finding of `doctor` was mended. */
  | {
      readonly outcome: 'mended';
      /** Its id, such as `FR003`. */
      readonly illness: string;
      /** Whose run it was about; absent where it was about something else. */
      readonly session?: string | undefined;
      /** What it was about, from the state directory. */
      readonly file: string;
      /** Name in quarantine of what gave way; absent where nothing did. */
      readonly kept?: string | undefined;
    }
);

/** How a hand-over ended. */
interface Ending {
  readonly outcome: 'committed' | 'undone' | 'dropped' | 'quarantined';
  readonly recovery?: RecoveryOutcome | undefined;
}

/**
 * The line about a hand-over that has come to its end, by this call.
 *
 * @param call - a call that holds the lock
 * @param sides - its sessions
 * @param transfer - its id, and what a person asked for
 * @param ending - how it ended
 */
export const historyOf = (
  { now: at }: Call,
  { source, target }: JournalSides,
  { transferId, command }: { readonly transferId: string; readonly command?: 'adopt' | 'undo' | undefined },
  ending: Ending,
): HistoryEntry => ({ at, transferId, source, target, command, ...ending });

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
