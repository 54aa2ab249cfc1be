import { type Journal, journalVersion, storeBytes } from '../../rules/journal.ts';
import { makeTransferId } from '../../rules/transfer-id.ts';
import { planTransfer } from '../../rules/transfer-plan.ts';
import type { RunFields } from './runs.ts';

const createdAt = '2026-01-03T00:00:00.000Z';

/** A transfer of an earlier call, and the texts of its four contents. */
export interface EarlierTransfer {
  readonly journal: Journal;
  readonly before: string;
  readonly targetAfter: string;
  readonly sourceAfter: string;
}

/**
 * Makes the journal that an earlier call wrote for a transfer.
 *
 * @param priorId - session that the run moved from
 * @param currentId - session that it moved to
 * @param run - the run as it was
 */
export function earlierTransfer(priorId: string, currentId: string, run: RunFields): EarlierTransfer {
  const plan = planTransfer(run, {
    currentId,
    identity: { sessionId: String(run['owner_codex_session_id']), threadId: '' },
    pane: '',
    now: createdAt,
  });
  const text = (content: RunFields): string => JSON.stringify(content, null, 2);
  const stored = (content: string) => storeBytes(Buffer.from(content));
  const [before, targetAfter, sourceAfter] = [text(run), text(plan.target), text(plan.source)];
  const journal: Journal = {
    version: journalVersion,
    transferId: makeTransferId(priorId, currentId, Date.parse(createdAt), 0.5),
    currentId,
    priorId,
    createdAt,
    target: { before: null, after: stored(targetAfter) },
    source: { before: stored(before), mode: 0o644, after: stored(sourceAfter) },
  };
  return { journal, before, targetAfter, sourceAfter };
}
