import type { ReadCurrentOutput, RunHandle } from '../../../../machines/contract.ts';
import { judgeCurrentRun } from '../../../rules/forge-state.ts';
import { isHome } from './home.ts';
import type { RunRow } from './run-row.ts';

/**
 * What stands in the current session (src/rules/README.md#rule-3-current-run-active and
 * src/rules/README.md#rule-4-current-run-present).
 *
 * @param current - its handle
 * @param row - its run, if there is one
 * @param mayComeHome - whether a run that we ended there counts as absent
 */
export function judgeCurrent(current: RunHandle, row: RunRow | undefined, mayComeHome: boolean): ReadCurrentOutput {
  if (row === undefined) return { kind: 'absent', current };
  const kind = judgeCurrentRun(row.value);
  return { kind: kind === 'present' && mayComeHome && isHome(row) ? 'absent' : kind, current };
}
