import type { MachineInput, ReadCurrentOutput, RunHandle } from '../../../../machines/contract.ts';
import { type ForgeState, judgeCurrentRun } from '../../../rules/forge-state.ts';
import { isForeign } from '../../../rules/ownership.ts';
import { identityOf } from '../call.ts';
import { isHome } from './home.ts';
import type { RunRow } from './run-row.ts';

/**
 * What stands in the current session (src/rules/README.md#rule-3-current-run-active and
 * src/rules/README.md#rule-4-current-run-present).
 *
 * @param current - its handle
 * @param row - its run, if there is one
 * @param input - the caller's ids and policies
 * @param mayComeHome - whether a run that we ended there counts as absent
 */
export function judgeCurrent(
  current: RunHandle,
  row: RunRow | undefined,
  input: MachineInput,
  mayComeHome = false,
): ReadCurrentOutput {
  if (row === undefined) return { kind: 'absent', current };
  const kind = judgeCurrentRun(row.value);
  if (kind === 'present' && mayComeHome && isHome(row)) return { kind: 'absent', current };
  const mayBeForeign = kind === 'active' && input.policies?.refuseForeignOwner === true;
  return mayBeForeign && isForeign(row.value as ForgeState, identityOf(input))
    ? { kind: 'active', current, foreign: true }
    : { kind, current };
}
