import { isForgeState } from '../../../rules/forge-state.ts';
import { reasons } from '../../../rules/protocol.ts';
import type { LineRecord } from '../json-lines.ts';
import { type HistoryEvent, pidIn, textIn, timeIn } from './event.ts';

/**
 * What a line of the call log tells (README.md#what-is-on-disk).
 *
 * @param line - the line
 * @returns undefined where it is no line of such a log; `told` where the history tells the same
 */
export function eventOfCall(line: LineRecord): HistoryEvent | 'told' | undefined {
  const { error, resumed, updatedCurrentOwner } = line;
  const [at, reason] = [timeIn(line['time']), textIn(line['reason'])];
  const failure = isForgeState(error) ? error : undefined;
  if (at === undefined || (reason === null && failure === undefined)) return undefined;
  if (resumed === true) return 'told';
  const common = {
    at,
    from: null,
    to: textIn(line['currentRcsSessionId']),
    pid: pidIn(line),
    transferId: null,
    conversation: { sessionId: textIn(line['sessionId']) ?? '', threadId: textIn(line['threadId']) ?? '' },
  };
  if (failure !== undefined) {
    return { ...common, what: 'failed', reason: textIn(failure['code']), message: textIn(failure['message']) };
  }
  const isActive = reason === reasons.currentActive;
  const what = isActive ? (updatedCurrentOwner === true ? 'updated' : 'up_to_date') : 'refused';
  return { ...common, what, reason, message: null };
}
