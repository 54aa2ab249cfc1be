import type { ReconcileResult } from '../call/result.ts';
import { policyReasons, type Reason, reasons } from '../rules/protocol.ts';
import type { LockSight } from '../store/file/index.ts';

/** How a call ended: what it decided, or what it threw. */
export type CallOutcome =
  | {
      readonly result: ReconcileResult;
      /** Who was in the way of a call that gave up on the lock. */
      readonly lockHolder?: LockSight;
    }
  | { readonly error: unknown };

/** Nothing was handed over, for a cause that a person may want to know. */
const refusals: readonly Reason[] = [reasons.severalCandidates, reasons.lockTimeout, ...Object.values(policyReasons)];

/**
 * Whether a call is worth a line of the log: it resumed, changed an owner (its own, or by finishing what an earlier
 * call had left), ended a stale run, was refused because several runs matched or a policy forbade it, or failed. Giving up on the lock is a failure here:
 * nothing was decided, and the agent was held up.
 *
 * @param outcome - how the call ended
 */
export function isNotable(outcome: CallOutcome): boolean {
  if ('error' in outcome) return true;
  const { resumed, updatedCurrentOwner, reason, recovered, ended } = outcome.result;
  const hasChanged = resumed || updatedCurrentOwner || recovered !== undefined || ended !== undefined;
  return hasChanged || refusals.includes(reason);
}
