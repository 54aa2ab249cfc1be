import { createHash } from 'node:crypto';
import { startOf } from '../../rules/forge-state.ts';
import { type Journal, journalVersion, storeBytes } from '../../rules/journal.ts';
import { makeTransferId } from '../../rules/transfer-id.ts';
import { planTransfer } from '../../rules/transfer-plan.ts';
import type { RunFields } from './runs.ts';

const at = '2026-01-03T00:00:00.000Z';

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
 * @param source - session that the run moved from
 * @param target - session that it moved to
 * @param run - the run as it was
 */
export function earlierTransfer(source: string, target: string, run: RunFields): EarlierTransfer {
  const plan = planTransfer(run, {
    currentId: target,
    identity: { sessionId: String(run['owner_codex_session_id']), threadId: '' },
    pane: '',
    now: at,
  });
  const text = (content: RunFields): string => JSON.stringify(content, null, 2);
  const [before, targetAfter, sourceAfter] = [text(run), text(plan.target), text(plan.source)];
  const journal: Journal = {
    version: journalVersion,
    transferId: makeTransferId(Date.parse(at), 0.5),
    source,
    target,
    at,
    startedAt: startOf(run),
    sourceBefore: createHash('sha256').update(before).digest('hex'),
    targetBefore: null,
    targetAfter: storeBytes(Buffer.from(targetAfter)),
    companions: [],
  };
  return { journal, before, targetAfter, sourceAfter };
}
