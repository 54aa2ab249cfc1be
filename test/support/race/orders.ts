/** What a test asks of a racing child, and what it hears back. JSON-safe. */

/** What a child does to itself at an instant of a call. */
export type Deed =
  /** SIGKILL. */
  | 'kill'
  /** SIGSTOP; the test lets it go on with SIGCONT. */
  | 'stop'
  /** Waits until the test sends `go`; only in hooks. */
  | 'wait'
  /** Throws; only in hooks. */
  | 'throw';

/** An instant of a call: the start of an actor of the statechart (the hooks included), counted from 1. */
export interface StepPoint {
  readonly step: string;
  readonly deed: Deed;
  readonly nth?: number;
}

/** An instant below the product: a call of the file library whose first path is this one. */
export interface FilePoint {
  readonly call: string;
  readonly path: string;
  readonly when: 'before' | 'after';
  readonly deed: 'kill' | 'stop';
  /** Which of the calls, counted from 1; default the first. */
  readonly nth?: number;
}

/** One call that a child is to make. */
export interface CallOrder {
  readonly stateDir: string;
  readonly session?: string;
  readonly thread?: string;
  /** `RCS_SESSION_ID` of the call. */
  readonly current: string;
  readonly pane?: string;
  /** The instant of the call, epoch milliseconds. */
  readonly nowMs?: number;
  /** How long `hooks.afterLockAcquired` takes, milliseconds. */
  readonly holdMs?: number;
  /** Log that every holder writes under the lock. */
  readonly log?: string;
  readonly steps?: readonly StepPoint[];
  readonly files?: readonly FilePoint[];
}

/** How a call of a child ended. */
export interface CallAnswer {
  readonly reason?: string;
  readonly resumed?: boolean;
  readonly recovered?: readonly { readonly outcome: string }[];
  readonly error?: { readonly code: string; readonly message: string };
  /** Error events of actors, as `actor CODE`. */
  readonly actorErrors: readonly string[];
  /** Duration, milliseconds. */
  readonly millis: number;
}

/** From the test to the child. */
export type ToChild = { readonly kind: 'call'; readonly order: CallOrder } | { readonly kind: 'go' };

/** From the child to the test. */
export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'inside'; readonly step: string }
  | { readonly kind: 'answer'; readonly answer: CallAnswer };
