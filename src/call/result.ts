import type { EndedRun, LookAnswer, MachineOutput, OwnerSight, Recovery } from '../../machines/contract.ts';
import { isTransfer, namesTarget } from '../../machines/guards.ts';
import type { commandReasons, policyReasons, Reason, reasons } from '../rules/protocol.ts';

/** What every result says. */
interface AnyResult {
  /** Why; README.md#results says what each means. */
  readonly reason: Reason;
  /** Whether a run was handed over. */
  readonly resumed: boolean;
  /** Whether owner or pane of the current session's live run were changed. */
  readonly updatedCurrentOwner: boolean;
  /** File of the run that was handed over; absent where none was. */
  readonly sourcePath?: string;
  /** File of the current session's run; absent where none is spoken of. */
  readonly targetPath?: string;
  /** Id of the current RCS session; empty before rule 2 (src/rules/README.md#rule-2-current-session) has found it. */
  readonly currentRcsSessionId: string;
  /** What an earlier call had left unfinished and this one settled; absent if there was nothing. */
  readonly recovered?: readonly Recovery[];
  /** The owner of the run that was looked at, where a command or a policy asks for that; else absent. */
  readonly owner?: OwnerSight;
  /** Runs that this call ended for good, where a command or a policy asks for that; absent if there were none. */
  readonly ended?: readonly EndedRun[];
  /** What went wrong beside the decision, in words; absent if nothing did. */
  readonly warnings?: readonly string[];
}

/** The run was handed over (src/rules/README.md#rule-7-transfer), by itself or because a person asked for it. */
export interface ResumedResult extends AnyResult {
  readonly reason: typeof reasons.resumed | typeof commandReasons.adopted | typeof commandReasons.givenBack;
  readonly resumed: true;
  readonly updatedCurrentOwner: false;
  /** File of the prior session's run, ended now; `stateDir` as given, joined, not resolved. */
  readonly sourcePath: string;
  /** File of the current session's run, live now; `stateDir` as given, joined, not resolved. */
  readonly targetPath: string;
}

/** The current session has a live run (src/rules/README.md#rule-3-current-run-active). */
export interface ActiveResult extends AnyResult {
  readonly reason: typeof reasons.currentActive;
  readonly resumed: false;
  /** Whether its owner or pane was changed. */
  readonly updatedCurrentOwner: boolean;
  readonly sourcePath?: never;
  /** File of that run; `stateDir` as given, joined, not resolved. */
  readonly targetPath: string;
}

/**
 * The current session has another run, which is left alone (src/rules/README.md#rule-4-current-run-present), or one of
 * another conversation (src/rules/README.md#policies).
 */
export interface PresentResult extends AnyResult {
  readonly reason:
    | typeof reasons.currentPresent
    | typeof reasons.currentUnreadable
    | typeof policyReasons.currentForeign;
  readonly resumed: false;
  readonly updatedCurrentOwner: false;
  readonly sourcePath?: never;
  /** File of that run; `stateDir` as given, joined, not resolved. */
  readonly targetPath: string;
}

/** Nothing was handed over, and no run of the current session is spoken of. */
export interface NothingResult extends AnyResult {
  readonly reason: Exclude<Reason, (ResumedResult | ActiveResult | PresentResult)['reason']>;
  readonly resumed: false;
  readonly updatedCurrentOwner: false;
  readonly sourcePath?: never;
  readonly targetPath?: never;
}

/**
 * What a call decided (src/rules/README.md#the-call). `reason` says why, and which fields there are: after
 * `if (result.reason === reasons.resumed)`, or `if (result.resumed)`, both paths are strings.
 */
export type ReconcileResult = ResumedResult | ActiveResult | PresentResult | NothingResult;

/** What a result is made of. */
type Decision = Pick<MachineOutput, 'currentId' | 'updatedOwner' | 'source' | 'target'> & { readonly reason: Reason };

function resultOf({ reason, currentId, updatedOwner, source, target }: Decision): ReconcileResult {
  const resumed = isTransfer(reason);
  // The compiler does not see that the reason decides which handles there are; a test takes every path.
  return {
    currentRcsSessionId: currentId,
    resumed,
    updatedCurrentOwner: updatedOwner,
    reason,
    ...(resumed ? { sourcePath: source?.location } : {}),
    ...(resumed || namesTarget(reason) ? { targetPath: target?.location } : {}),
  } as ReconcileResult;
}

/** How a warning begins that says why a call, or the rest of it, was not recorded. */
export const notRecorded = 'not recorded: ';

/**
 * The result of a call that ended with a look.
 *
 * @param answer - the look's
 */
export function resultOfAnswer({ reason, current }: LookAnswer): ReconcileResult {
  return resultOf({ reason, currentId: current?.id ?? '', updatedOwner: false, source: null, target: current });
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
  const { failure, reason, recovered, owner, ended } = output;
  if (failure !== null) throw errors.get(failure.actor);
  if (reason === null) throw new Error('the machine ended without a decision');
  return {
    ...resultOf({ ...output, reason }),
    ...(recovered.length > 0 ? { recovered } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(ended === undefined ? {} : { ended }),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
