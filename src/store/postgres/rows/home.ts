import { isEndedByTransfer } from '../../../rules/transfer-plan.ts';
import { type RunRow, stateOf } from './run-row.ts';

/**
 * Whether a run was ended by a hand-over of ours and nobody wrote it since, so that the run may come back to where it
 * stands (src/rules/README.md#rule-4-current-run-present).
 */
export function isHome(row: RunRow): boolean {
  const state = stateOf(row);
  return row.endedBy !== null && state !== undefined && isEndedByTransfer(state);
}
