import type { ForgeState } from './forge-state.ts';
import { bindPane, type OwnerFacts, without } from './ownership.ts';
import { protocol } from './protocol.ts';
import { trimmedText } from './text.ts';

const { fields, transferred } = protocol;

/** The two contents that a transfer writes. */
export interface TransferPlan {
  readonly target: ForgeState;
  readonly source: ForgeState;
}

/**
 * The run as it will stand in the current session (src/rules/README.md#rule-7-transfer, target).
 *
 * @param source - the prior session's run as read
 * @param facts - what the call knows
 */
export function takeOver(source: ForgeState, facts: OwnerFacts): ForgeState {
  let target: ForgeState = { ...source, [fields.ownerRcsSession]: facts.currentId };
  if (facts.identity.sessionId !== '') {
    target = { ...target, [fields.ownerCodexSession]: facts.identity.sessionId };
  }
  target = bindPane(target, facts);
  if (trimmedText(target[fields.ownerCodexSession]) !== '') target = without(target, [fields.ownerCodexThread]);
  return without(target, [fields.completedAt, fields.stopReason]);
}

/**
 * The run as it will stand in the prior session: its own fields, ended as transferred
 * (src/rules/README.md#rule-7-transfer, source).
 *
 * @param source - the prior session's run as read
 * @param now - the instant of the call, ISO 8601
 */
export function endAsTransferred(source: ForgeState, now: string): ForgeState {
  return {
    ...source,
    [fields.active]: false,
    [fields.phase]: transferred.phase,
    [fields.completedAt]: now,
    [fields.stopReason]: transferred.stopReason,
  };
}

/**
 * Plans a transfer (src/rules/README.md#rule-7-transfer).
 *
 * @param source - the prior session's run as read
 * @param facts - what the call knows
 */
export function planTransfer(source: ForgeState, facts: OwnerFacts): TransferPlan {
  return { target: takeOver(source, facts), source: endAsTransferred(source, facts.now) };
}

/**
 * Whether a content was ended by a transfer rather than by its runtime.
 *
 * @param state - a run
 */
export function isEndedByTransfer(state: ForgeState): boolean {
  return state[fields.active] !== true && state[fields.stopReason] === transferred.stopReason;
}
