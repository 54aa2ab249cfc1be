import type { ActorName, Actors } from '../../machines/contract.ts';
import type { CallClock } from '../call/options.ts';
import type { Outcome } from '../graph/outcome-events.ts';
import type { ResumePath } from '../graph/paths.ts';

/** Undoes what a world did for a moment. */
export type Undo = () => void;

/** An actor is about to run, and the path says what must come of it. */
export interface Moment {
  /** The actor that is called. */
  readonly actor: ActorName;
  /** What the path wants of it. */
  readonly outcome: Exclude<Outcome, { kind: 'delay' }>;
  /** The steps that are still to come, this one first. */
  readonly ahead: ResumePath['steps'];
}

/** A run as the world finds it after a call. */
export interface ObservedRun {
  /** Whose it is: of the session that was current, of the prior one whose run could move, of any other. */
  readonly role: 'current' | 'source' | 'other';
  /** Runs of one identity are one conversation's. */
  readonly identity: string;
  /** Whether it is active and not over. */
  readonly live: boolean;
  /** The pane that is bound to it; empty if none is. */
  readonly pane: string;
  /** Who wrote it last: the call, or the world around it. */
  readonly by: 'call' | 'world';
}

/** What is there when a call has ended. */
export interface Observation {
  /** Every run. */
  readonly runs: readonly ObservedRun[];
  /** Whether the lock is still held. */
  readonly locked: boolean;
  /** Things that a call must take away again: temp files, abandoned locks. */
  readonly leftovers: readonly string[];
  /** Whether a transfer is left for the next call to settle. */
  readonly unfinished: boolean;
  /** Promises that the world itself sees broken: a lost field, a torn file, an iteration that went back. */
  readonly problems: readonly string[];
}

/** One call on a world's store. */
export interface WorldCall {
  /** The actors of the call, as a runtime would supply them; a hook that the path calls does nothing unless the path wants it. */
  readonly actors: Actors;
  /** Gives back what the call still holds. Never throws. */
  readonly close: () => void;
  /** Ends the call as the death of its process would: nothing is tidied up, the system frees what it frees. */
  readonly crash: () => void;
}

/** What a store supplies so that paths can be run against it: a scratch place in which reality can be arranged. */
export interface World {
  /**
   * Whether this store cannot be brought to an outcome; there the kit answers for the actor, which does not run. So nothing
   * that a later actor of the path counts on may be left to it: what a store never does, leave out by `never` of
   * `storeConformance`.
   */
  readonly isFault: (outcome: Moment['outcome']) => boolean;
  /**
   * Builds the world in which reality takes a path. The candidates of its `scanCandidates` must be there when this returns:
   * where calls die on the way, nothing else is arranged.
   *
   * @returns called right before each actor runs: the place where the world around the call interferes at the right
   * moment; what that returns is called when the actor has settled
   */
  readonly arrange: (path: ResumePath) => (moment: Moment) => Undo | undefined;
  /** Starts a call; its delays and timers go by the given clock. */
  readonly call: (clock: CallClock) => WorldCall;
  /** Looks at what is there; no call is running. */
  readonly observe: () => Observation;
  /** Removes the scratch place. */
  readonly dispose: () => void;
}

/** What may take a while. */
export type Eventually<T> = T | Promise<T>;

/** A {@link WorldCall} whose end may take a while. */
export interface EventualWorldCall {
  /** As of {@link WorldCall}. */
  readonly actors: Actors;
  /** As of {@link WorldCall}. */
  readonly close: () => Eventually<void>;
  /** As of {@link WorldCall}. */
  readonly crash: () => Eventually<void>;
}

/** A {@link World} that is arranged and looked at in its own time: one behind a network, such as a database. */
export interface EventualWorld {
  /** As of {@link World}. */
  readonly isFault: World['isFault'];
  /** As of {@link World}. */
  readonly arrange: (
    path: ResumePath,
  ) => Eventually<(moment: Moment) => Eventually<(() => Eventually<void>) | undefined>>;
  /** As of {@link World}. */
  readonly call: (clock: CallClock) => EventualWorldCall;
  /** As of {@link World}. */
  readonly observe: () => Eventually<Observation>;
  /** As of {@link World}. */
  readonly dispose: () => Eventually<void>;
}
