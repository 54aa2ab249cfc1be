import type { MachineInput, ReadCurrentOutput, RunHandle } from '../../../../machines/contract.ts';
import { type ForgeState, judgeCurrentRun } from '../../../rules/forge-state.ts';
import { isForeign } from '../../../rules/ownership.ts';
import { identityOfInput } from './call-facts.ts';
import type { JsonRead } from './json-file.ts';

/**
 * What stands in the current session, as the machine's guards see it.
 *
 * @param current - the session's run
 * @param read - what reading it gave
 * @param input - the caller's ids and policies
 */
export function judgeCurrent(current: RunHandle, read: JsonRead, input: MachineInput): ReadCurrentOutput {
  const kind = read.kind === 'json' ? judgeCurrentRun(read.value) : read.kind;
  const mayBeForeign = kind === 'active' && read.kind === 'json' && input.policies?.refuseForeignOwner === true;
  return mayBeForeign && isForeign(read.value as ForgeState, identityOfInput(input))
    ? { kind: 'active', current, foreign: true }
    : { kind, current };
}
