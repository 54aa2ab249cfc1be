import type { MachineInput } from '../../../../machines/contract.ts';
import { type ForgeState, formatForgeState } from '../../../rules/forge-state.ts';
import { isActiveRun, planAdoption, planReturn } from '../../../rules/named-transfer.ts';
import { isActiveMatch } from '../../../rules/ownership.ts';
import { planTransfer } from '../../../rules/transfer-plan.ts';
import { identityOf, type PostgresCall } from '../call.ts';
import { stateOf } from './run-row.ts';

/**
 * Whether a run may be taken: by rule 6 (src/rules/README.md#rule-6-candidates) but for its phase, or because a person
 * named it.
 */
export function mayTake(value: unknown, input: MachineInput): value is ForgeState {
  return input.command === undefined ? isActiveMatch(value, identityOf(input)) : isActiveRun(value);
}

/**
 * The texts that a transfer writes (src/rules/README.md#rule-7-transfer).
 *
 * @param call - knows the instant, and what stands where the run comes home to
 * @param source - the run as read
 * @param input - ids and command
 * @param currentId - the session that gets it
 * @param pane - the agent's pane, empty if none is known
 */
export function planTexts(
  { lease, memory }: PostgresCall,
  source: ForgeState,
  input: MachineInput,
  currentId: string,
  pane: string,
): { readonly target: string; readonly ended: string } {
  const facts = { currentId, identity: identityOf(input), pane, now: lease.now };
  const kind = input.command?.kind;
  const adopted = kind === 'adopt' ? planAdoption(source, facts) : planTransfer(source, facts);
  const plan = kind === 'undo' ? planReturn(source, stateOf(memory.home), facts) : adopted;
  return { target: formatForgeState(plan.target), ended: formatForgeState(plan.source) };
}
