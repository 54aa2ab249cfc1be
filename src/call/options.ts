import type { InspectionEvent } from 'xstate';
import type { Actors } from '../../machines/contract.ts';

/** A caller's steps at two instants of a call; both may be async, and what they throw is rethrown as it is. */
export interface ReconcileHooks {
  /** Runs as soon as the lock is held, before anything is read (rule 1). A call that has it takes the lock always. */
  readonly afterLockAcquired?: (() => unknown) | undefined;
  /** Runs between the two writes of a transfer (rule 7). */
  readonly afterTargetWrite?: (() => unknown) | undefined;
}

/** What a call needs to know (spec.md, "Call"). */
export interface ReconcileOptions {
  /** The state directory, `<project>/.rcs/state`; result paths start with it as given. */
  readonly stateDir: string;
  /** The agent's session id as its payload gave it; read as text, trimmed once. */
  readonly payloadSessionId?: unknown;
  /** The agent's thread id as its payload gave it; read as text, trimmed once. */
  readonly payloadThreadId?: unknown;
  /** Environment of the call; default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly hooks?: ReconcileHooks | undefined;
  /** Aborts the call: before the target write nothing changes, between the writes it rolls back, later it is ignored. */
  readonly signal?: AbortSignal | undefined;
  /** Observes every event of the statechart, as XState's `inspect` option does; what it throws changes nothing. */
  readonly inspect?: ((event: InspectionEvent) => void) | undefined;
}

/** Timers as XState asks for them; its `SimulatedClock` is one. */
export interface CallClock {
  setTimeout(action: (...args: unknown[]) => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Parts of a call that tests and benches may replace. */
export interface CallParts {
  /** Time for delays; default the real one. */
  readonly clock?: CallClock | undefined;
  /** The instant of the call; default now. */
  readonly now?: Date | undefined;
  /** Whether this process is a child of the agent, which tells its pane. */
  readonly isAgentChild?: boolean | undefined;
  /** Changes the actors of the call, for those who must hear of each start; the machine runs then in any case. */
  readonly alter?: ((actors: Actors) => Actors) | undefined;
}
