import type { InspectionEvent } from 'xstate';
import type { Around } from '../../machines/cast.ts';
import type { ActorName, Actors, MachineInput } from '../../machines/contract.ts';
import { givenHooks } from '../../machines/guards.ts';
import { messageOf } from '../errors.ts';
import { orAborted } from '../store/file/lock/or-aborted.ts';
import { harmless, type Inspect } from './observer.ts';
import type { CallClock } from './options.ts';
import { type ReconcileResult, resultOfMachine } from './result.ts';
import { runActors } from './run-actors.ts';

/** A run of the machine with actors of anybody's. */
export interface ForgeSessionResumeRun {
  /** All of them: a store's, a pane look-up, the hooks, if there are any. */
  readonly actors: Actors;
  /** The ids of the agent's payload, trimmed; empty where it names none. Without `hooks`, those that have actors. */
  readonly input: MachineInput;
  /**
   * Aborts the call: before the target write nothing changes, between the writes it rolls back, later it is ignored. An
   * actor that is at work is waited for, a hook is not.
   */
  readonly signal?: AbortSignal | undefined;
  /** Observes every event of the statechart, as XState's `inspect` option does; what it throws changes nothing. */
  readonly inspect?: Inspect | undefined;
  /** Time for the machine's delays; default the real one. XState's `SimulatedClock` is one. */
  readonly clock?: CallClock | undefined;
}

/** Somebody who hears more of a run than an observer is told. */
export interface RunListener {
  /** Told every event of the statechart, before the run's own `inspect`; what it throws changes nothing. */
  readonly inspect: (event: InspectionEvent) => void;
}

/** What an abort does not keep from running: behind the commit point, and where things are put in order. */
const unstoppable: readonly ActorName[] = ['commit', 'afterCommit', 'rollback', 'release'];
/** Steps of the caller's for which an aborted call does not wait. */
const hooks: readonly ActorName[] = ['afterLockAcquired', 'afterTargetWrite'];
/** What fails behind the commit point changes no decision. */
const advice: readonly ActorName[] = ['commit', 'afterCommit'];

/**
 * Runs the machine once with actors of your own, as `reconcileForgeSessionResume` does with the file store's
 * (src/testing/README.md#in-production). However it ends, no actor and no timer of it is left.
 *
 * @param run - actors, input, and what else they need
 * @param listener - hears of it first
 * @returns what was decided; paths are the `location` of the actors' handles
 * @throws what an actor threw because of which the call failed, or the abort reason, as the same object
 * @example
 * const result = await runForgeSessionResume({
 *   actors: { ...myStore, ...myPane, ...myHooks },
 *   input: { payloadSessionId: 's1', payloadThreadId: '' },
 * });
 */
export async function runForgeSessionResume(
  run: ForgeSessionResumeRun,
  listener?: RunListener,
): Promise<ReconcileResult> {
  const { actors, input, signal, inspect, clock } = run;
  signal?.throwIfAborted();
  // The machine knows only codes: context is plain data.
  const errors = new Map<string, unknown>();
  const around: Around = async (name, body) => {
    try {
      if (unstoppable.includes(name)) return await body();
      signal?.throwIfAborted();
      return await (hooks.includes(name) ? orAborted(body(), signal) : body());
    } catch (error) {
      errors.set(name, error);
      throw error;
    }
  };
  const observers = [listener?.inspect, inspect].flatMap((one) => (one === undefined ? [] : [harmless(one)]));
  const tell = (event: InspectionEvent): void => {
    for (const observe of observers) observe(event);
  };
  const observe = observers.length > 1 ? tell : observers[0];
  const output = await runActors({
    actors,
    around,
    input: { ...input, hooks: input.hooks ?? givenHooks(actors) },
    clock,
    inspect: observe,
  });
  const warnings = advice.flatMap((name) =>
    errors.has(name) ? [`${name} failed: ${messageOf(errors.get(name))}`] : [],
  );
  return resultOfMachine(output, errors, warnings);
}
