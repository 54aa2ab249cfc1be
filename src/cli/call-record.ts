import { codeOf } from '../../machines/guards.ts';
import { messageOf } from '../errors.ts';
import type { PayloadRequest, WayIn } from '../rules/payload.ts';
import type { CallOutcome } from './call-outcome.ts';

/** Longest id, event or message that goes into the log, UTF-16 units: payload ids are free text of any length. */
const longestText = 512;

const short = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);

/**
 * One call as the log keeps it: ids, process, paths, reason, error. Message texts of the payload have no way in.
 *
 * @param way - how the agent reached us
 * @param request - what its payload asked for
 * @param outcome - how the call ended
 * @param time - the instant, ISO 8601
 */
export function callRecord(way: WayIn, request: PayloadRequest, outcome: CallOutcome, time: string): object {
  const caller = {
    time,
    way,
    event: short(request.event),
    sessionId: short(request.sessionId),
    threadId: short(request.threadId),
    pid: process.pid,
  };
  if ('result' in outcome) {
    const { result, ...more } = outcome;
    return { ...caller, ...result, ...more };
  }
  const { error } = outcome;
  return { ...caller, error: { code: codeOf(error), message: short(messageOf(error)) } };
}
