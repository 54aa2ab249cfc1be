import type { LookAnswer, MachineOutput, Recovery } from '../../machines/contract.ts';
import { namesTarget } from '../../machines/guards.ts';
import { type Reason, reasons } from '../rules/protocol.ts';

/** What a call decided (src/rules/README.md#the-call). */
export interface ReconcileResult {
  /** Id of the current RCS session; empty before rule 2 (src/rules/README.md#rule-2-current-session) has found it. */
  readonly currentRcsSessionId: string;
  /** True only where a run was handed over (src/rules/README.md#rule-7-transfer). */
  readonly resumed: boolean;
  /** Whether the current run's owner or pane was changed (src/rules/README.md#rule-3-current-run-active only). */
  readonly updatedCurrentOwner: boolean;
  /** Why the call ended as it did. */
  readonly reason: Reason;
  /** File of the prior session's run; `stateDir` as given, joined, not resolved. */
  readonly sourcePath?: string;
  /** File of the current session's run; `stateDir` as given, joined, not resolved. */
  readonly targetPath?: string;
  /** What an earlier call had left unfinished and this one settled; absent if there was nothing. */
  readonly recovered?: readonly Recovery[];
  /** What went wrong beside the decision, in words; absent if nothing did. */
  readonly warnings?: readonly string[];
}

/**
 * The result of a call that ended with a look.
 *
 * @param answer - the look's
 */
export function resultOfAnswer({ reason, current }: LookAnswer): ReconcileResult {
  return {
    currentRcsSessionId: current?.id ?? '',
    resumed: false,
    updatedCurrentOwner: false,
    reason,
    ...(current !== null && namesTarget(reason) ? { targetPath: current.location } : {}),
  };
}

/**
 * The result of a call that the machine decided.
 *
 * @param output - the machine's
 * @param errors - what actors threw, by their names
 * @param warnings - what went wrong beside the decision
 * @throws what the actor threw because of which the machine failed, as the same object
 */
export function resultOfMachine(
  output: MachineOutput,
  errors: ReadonlyMap<string, unknown>,
  warnings: readonly string[],
): ReconcileResult {
  if (output.failure !== null) throw errors.get(output.failure.actor);
  if (output.reason === null) throw new Error('the machine ended without a decision');
  return {
    currentRcsSessionId: output.currentId,
    resumed: output.reason === reasons.resumed,
    updatedCurrentOwner: output.updatedOwner,
    reason: output.reason,
    ...(output.source ? { sourcePath: output.source.location } : {}),
    ...(output.target ? { targetPath: output.target.location } : {}),
    ...(output.recovered.length > 0 ? { recovered: output.recovered } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
