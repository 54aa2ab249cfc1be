/**
 * What the machine and its actors say to each other. Runs and transfers are opaque handles: only the store knows
 * what lies behind them. Everything here is JSON-safe.
 */
import type { Liveness } from '../src/rules/liveness.ts';
import type { Policies } from '../src/rules/policies.ts';
import type { Reason } from '../src/rules/protocol.ts';
import type { Staleness } from '../src/rules/staleness.ts';
import type { Command } from './command.ts';
import type { HookName } from './hook-contract.ts';

/** One session's run, present or to come. `location` is for people and results; only the store interprets it. */
export interface RunHandle {
  /** Id of the session that the run is in. */
  readonly id: string;
  /** Where the run is stored, in words that a person can follow. */
  readonly location: string;
}

/** A transfer whose journal is written. */
export interface TransferHandle {
  /** Id of the transfer. */
  readonly id: string;
  /** The run that is given up. */
  readonly source: RunHandle;
  /** The run that takes its place. */
  readonly target: RunHandle;
}

/** An active prior run whose owner matches; the machine's guards judge its phase. */
export interface Candidate {
  /** The run. */
  readonly run: RunHandle;
  /** Trimmed, lower case; empty if the run has none. */
  readonly phase: string;
  /** Its owner, where the policy `requireDeadOwner` asks for that and the owner lives; else absent. */
  readonly owner?: Liveness;
}

/** What became of a transfer that an earlier call left unfinished, or of a copy that came back to life. */
export type RecoveryOutcome =
  /** No run had been written, or another one stands there: the journal was dropped. */
  | 'dropped'
  /** The target was there; the source has been ended now. */
  | 'completed'
  /** The source was ended but the target was lost; it has been created again from the journal. */
  | 'restored'
  /** Both writes had been made; only the trails were missing. */
  | 'finished'
  /** The caller's user had gone on in the source's session: the target was taken away again. */
  | 'undone'
  /** The state fits no transfer of ours; the journal was moved to quarantine, no run was touched. */
  | 'quarantined'
  /** A copy that a late writer had brought back to life was ended, its turn carried over where it was higher. */
  | 'copy_ended';

/** One entry of a result's `recovered`. */
export interface Recovery {
  /** Id of the transfer that was unfinished. */
  readonly transferId: string;
  /** What became of it. */
  readonly outcome: RecoveryOutcome;
}

/** A caller's ids, trimmed, as they came with the payload, and what a person asks for. */
export interface MachineInput {
  /** The agent's session id; empty where it gave none. */
  readonly payloadSessionId: string;
  /** The agent's thread id; empty where it gave none. */
  readonly payloadThreadId: string;
  /** Absent: the automatic hand-over. */
  readonly command?: Command | undefined;
  /** Absent: the rules alone. */
  readonly policies?: Policies | undefined;
  /** Hooks of the caller's that are to be called, each in a state of its own; absent: none, and no such state is entered. */
  readonly hooks?: readonly HookName[] | undefined;
}

/** The owner of a run that a call found and left alone, or took it from. */
export interface OwnerSight extends Liveness {
  /** Id of the session that the run is in. */
  readonly session: string;
}

/** A run that a call ended for good: it goes on nowhere. */
export type EndedRun = EndedByUser | EndedAsStale;

interface AnyEndedRun {
  /** Id of the session that the run is in. */
  readonly session: string;
  /** Where the run is stored, in words that a person can follow. */
  readonly location: string;
}

/** A run that a person ended. */
export interface EndedByUser extends AnyEndedRun {
  /** Its `stop_reason` now. */
  readonly stopReason: 'ended_by_user';
  /** Where its bytes are as they were before, in words that a person can follow; absent where the store keeps none. */
  readonly kept?: string;
}

/** A run that was ended since it had been idle for too long, by the policy `staleAfter`. */
export interface EndedAsStale extends AnyEndedRun, Staleness {
  /** Its `stop_reason` now. */
  readonly stopReason: 'stale_active_state';
}

/** Where and why a run of the machine failed; the error object itself stays outside. */
export interface Failure {
  /** Name of the actor that failed. */
  readonly actor: string;
  /** The error's code, `UNKNOWN` where it has none. */
  readonly code: string;
}

/** What the machine ends with: a decision, or a failure. */
export interface MachineOutput {
  /** What was decided; null where the call failed. */
  readonly reason: Reason | null;
  /** Id of the current session; empty where it is not known. */
  readonly currentId: string;
  /** Whether owner or pane of the current run were changed. */
  readonly updatedOwner: boolean;
  /** The run that was handed over; null where none was. */
  readonly source: RunHandle | null;
  /** The current session's run; null where none is spoken of. */
  readonly target: RunHandle | null;
  /** What earlier calls had left unfinished and this one settled. */
  readonly recovered: readonly Recovery[];
  /** The owner by which a decision was made, where one was looked at. */
  readonly owner?: OwnerSight;
  /** Runs that were ended for good; absent if none were. */
  readonly ended?: readonly EndedRun[];
  /** Why the call failed; null where it did not. */
  readonly failure: Failure | null;
}

/** A decision that writes nothing, as a look before the lock came to it. */
export interface LookAnswer {
  /** What is decided. */
  readonly reason: Reason;
  /** The current session's run, present or to come; null where no session is current. */
  readonly current: RunHandle | null;
}

/** What a look before the lock found. A pane is null where nobody looked for one, empty where none is known. */
export type LookOutput =
  /** Nothing to write, and no doubt of it: the call ends here. */
  | { readonly kind: 'answered'; readonly answer: LookAnswer }
  /** Nothing to write, but something that an earlier call left should be settled, if the lock is free. */
  | { readonly kind: 'unquiet'; readonly answer: LookAnswer; readonly pane: string | null }
  /** Something to write, or doubt: the lock decides. */
  | { readonly kind: 'doubtful'; readonly pane: string | null };

/** Result of one attempt at the lock. */
export type AcquireLockOutput =
  | { readonly kind: 'held' }
  | { readonly kind: 'busy' }
  /** Whoever holds it seems to be gone, which takes some seconds to be sure of: no answer stands beside that. */
  | { readonly kind: 'watched' }
  /** The store itself does not exist: nothing is created, no hook runs. */
  | { readonly kind: 'storeMissing' };

/** What stands in the current session. */
export type ReadCurrentOutput =
  | { readonly kind: 'missing' }
  | { readonly kind: 'absent'; readonly current: RunHandle }
  | { readonly kind: 'present'; readonly current: RunHandle }
  | { readonly kind: 'unreadable'; readonly current: RunHandle }
  | {
      readonly kind: 'active';
      /** The run. */
      readonly current: RunHandle;
      /** It names another conversation than the payload, and the policy `refuseForeignOwner` asks for that; else absent. */
      readonly foreign?: true;
    };

/** What stands in the session that a command names. */
export type ReadNamedOutput =
  /** A run that is active. */
  | { readonly kind: 'named'; readonly candidate: Candidate; readonly liveness: Liveness }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  /** A run that is not active. */
  | { readonly kind: 'inactive' }
  /** What the person's plan rests on has moved since. */
  | { readonly kind: 'moved' };

export type * from './actor-contract.ts';
export type * from './command.ts';
export type { HookName } from './hook-contract.ts';
