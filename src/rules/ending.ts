import type { ForgeState } from './forge-state.ts';
import { protocol } from './protocol.ts';

const { fields, ended } = protocol;

/**
 * A run as it stands once a call has ended it for good: it goes on nowhere, and is no hand-over.
 *
 * @param state - the run as read
 * @param stopReason - why
 * @param now - the instant of the call, ISO 8601
 */
export function endForGood(state: ForgeState, stopReason: string, now: string): ForgeState {
  return {
    ...state,
    [fields.active]: false,
    [fields.phase]: ended.phase,
    [fields.completedAt]: now,
    [fields.stopReason]: stopReason,
  };
}
