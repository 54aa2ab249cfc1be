import type { Reason } from '../src/rules/protocol.ts';
import type * as contract from './contract.ts';

/** What the machine remembers: ids, handles, flags. Small, JSON-safe, free of counters. */
export interface MachineContext extends contract.MachineInput {
  /** What the look would answer, had it not found something to settle. */
  readonly answer: contract.LookAnswer | null;
  /** Hooks that are to be called. */
  readonly hooks: readonly contract.HookName[];
  /** The current session's run, present or to come. */
  readonly current: contract.RunHandle | null;
  /** The run that is handed over. */
  readonly source: contract.RunHandle | null;
  /** The run of which the result speaks. */
  readonly target: contract.RunHandle | null;
  /** The hand-over under way. */
  readonly transfer: contract.TransferHandle | null;
  /** The agent's pane; null until somebody has looked for it, empty if none is known. */
  readonly pane: string | null;
  /** Whether owner or pane of the current run were changed. */
  readonly updatedOwner: boolean;
  /** What earlier calls had left and this one settled. */
  readonly recovered: readonly contract.Recovery[];
  /** The owner that was looked at. */
  readonly owner: contract.OwnerSight | null;
  /** Runs that were ended for good. */
  readonly ended: readonly contract.EndedRun[];
  /** What is decided; null so far. */
  readonly reason: Reason | null;
  /** The lock was lost once and taken again; a second loss ends the call. */
  readonly regained: boolean;
  /** Why the call fails. */
  readonly failure: contract.Failure | null;
}

/**
 * What the machine remembers when it starts.
 *
 * @param input - as the machine gets it
 */
export const initialContext = (input: contract.MachineInput): MachineContext => ({
  ...identity(input),
  hooks: input.hooks ?? [],
  current: null,
  source: null,
  target: null,
  transfer: null,
  answer: null,
  pane: null,
  updatedOwner: false,
  recovered: [],
  owner: null,
  ended: [],
  reason: null,
  regained: false,
  failure: null,
});

/** What a guard or an action may look at. */
export interface MachineScope {
  /** What the machine remembers. */
  readonly context: MachineContext;
  /** With what the transition is taken. */
  readonly event: { readonly type: string; readonly [field: string]: unknown };
}

/**
 * What the actor answered with which an event came.
 *
 * @param event - an actor's done event
 */
export function outputOf<Name extends contract.ActorName>(event: MachineScope['event']): contract.ActorOutput<Name> {
  return event['output'] as contract.ActorOutput<Name>;
}

/** What earlier states must have noted; anything else is a mistake in the chart. */
export function existing<T>(value: T | null): T {
  if (value === null) throw new Error('the machine has not come far enough');
  return value;
}

/** The caller's ids and wishes, as most actors want them. */
export function identity({
  payloadSessionId,
  payloadThreadId,
  command,
  policies,
}: contract.MachineInput): contract.MachineInput {
  return {
    payloadSessionId,
    payloadThreadId,
    ...(command === undefined ? {} : { command }),
    ...(policies === undefined ? {} : { policies }),
  };
}
