import type { ReconcileResult } from '../call/result.ts';
import { reasons } from '../rules/protocol.ts';
import type { LockSight } from '../store/file/index.ts';

/** How a call ended: what it decided, or what it threw. */
export type CallOutcome =
  | {
      readonly result: ReconcileResult;
      /** Who was in the way of a call that gave up on the lock. */
      readonly lockHolder?: LockSight;
    }
  | { readonly error: unknown };

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
