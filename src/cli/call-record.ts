import { codeOf } from '../../machines/guards.ts';
import type { ReconcileResult } from '../call/result.ts';
import { messageOf } from '../errors.ts';
import type { PayloadRequest, WayIn } from '../rules/payload.ts';
import { reasons } from '../rules/protocol.ts';

/** How a call ended: what it decided, or what it threw. */
export type CallOutcome = { readonly result: ReconcileResult } | { readonly error: unknown };

/** Longest id, event or message that goes into the log, UTF-16 units: payload ids are free text of any length. */
const longestText = 512;

const short = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);

/**
 * Whether a call is worth a line of the log: it resumed, changed an owner (its own, or by finishing what an earlier
 * call had left), was refused because several runs matched, or failed. Giving up on the lock is a failure here:
 * nothing was decided, and the agent was held up.
 *
 * @param outcome - how the call ended
 */
export function isNotable(outcome: CallOutcome): boolean {
  if ('error' in outcome) return true;
  const { resumed, updatedCurrentOwner, reason, recovered } = outcome.result;
  const refused = reason === reasons.severalCandidates || reason === reasons.lockTimeout;
  return resumed || updatedCurrentOwner || refused || recovered !== undefined;
}

/**
 * One call as the log keeps it: ids, paths, reason, error. Message texts of the payload have no way in.
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
  };
  if ('result' in outcome) return { ...caller, ...outcome.result };
  const { error } = outcome;
  return { ...caller, error: { code: codeOf(error), message: short(messageOf(error)) } };
}
