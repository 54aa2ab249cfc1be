import type { Recovery } from '../../machines/contract.ts';
import type { Reason } from '../rules/protocol.ts';

/** What a call decided (spec.md, "Call" and "Rules, in order"). */
export interface ReconcileResult {
  /** Id of the current RCS session; empty before rule 2 has found it. */
  readonly currentRcsSessionId: string;
  /** True only where a run was handed over (rule 7). */
  readonly resumed: boolean;
  /** Whether the current run's owner or pane was changed (rule 3 only). */
  readonly updatedCurrentOwner: boolean;
  /** Why the call ended as it did. */
  readonly reason: Reason;
  /** File of the prior session's run; `stateDir` as given, joined, not resolved. */
  readonly sourcePath?: string;
  /** File of the current session's run; `stateDir` as given, joined, not resolved. */
  readonly targetPath?: string;
  /** What an earlier call had left unfinished and this one settled; absent if there was nothing. */
  readonly recovered?: readonly Recovery[];
}
