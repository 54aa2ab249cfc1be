import { setTimeout as pause } from 'node:timers/promises';
import type { AnyMachineSnapshot, InspectionEvent, SimulatedClock } from 'xstate';
import type { Around } from '../../machines/cast.ts';
import type { ActorName, Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import type { ForgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { runActors } from '../call/run-actors.ts';
import { messageOf } from '../errors.ts';
import { stateName } from '../graph/state-name.ts';
import { Stall } from './stall.ts';

/** How a run of the machine came to its end; `stopped` where it was stopped or did not go on. */
export type MachineEnd = (
  | { readonly kind: 'output'; readonly output: MachineOutput }
  | { readonly kind: 'stopped'; readonly why: string }
) & {
  /** What an actor of the store's threw last, of itself. */
  readonly thrown: ActorError | undefined;
};

/** An error, and whose it was. */
export interface ActorError {
  /** Whose it was. */
  readonly actor: ActorName;
  /** What was thrown, as the same object. */
  readonly error: unknown;
}

/** What is run, and with what. */
export interface MachineRunOptions {
  readonly machine?: ForgeSessionResumeMachine | undefined;
  readonly actors: Actors;
  readonly input: MachineInput;
  readonly clock: SimulatedClock;
  /** Takes the place of every actor's call. */
  readonly around?: Around | undefined;
  /** Called after each state that was entered. */
  readonly onState?: ((name: string, count: number) => void) | undefined;
  /** Most states that may be entered. */
  readonly limit: number;
  /** Stops the run. */
  readonly signal?: AbortSignal | undefined;
}

/** Real time for which a run that has ended waits for actors that are still at work, milliseconds. */
const afterwardsMs = 250;

/**
 * Runs the real machine with real actors on simulated time.
 *
 * @param options - machine, actors, input, clock
 * @returns how it ended; no actor is running any more
 */
export async function runMachine(options: MachineRunOptions): Promise<MachineEnd> {
  const { machine, actors, input, clock, limit, onState, signal } = options;
  const pending = new Map<Promise<unknown>, ActorName>();
  const death = new AbortController();
  const stop = (why: string): void => death.abort(why);
  let count = 0;
  let thrown: ActorError | undefined;
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' || event.actorRef.sessionId !== event.rootId) return;
    count += 1;
    if (count > limit) stop(`it went on for more than ${limit} states`);
    else onState?.(stateName(event.snapshot as AnyMachineSnapshot), count);
  };
  const { around = (_name, body) => body() } = options;
  const watched: Around = (actor, body, aborted) => {
    const own = (): Promise<unknown> =>
      body().catch((error: unknown) => {
        thrown = { actor, error };
        throw error;
      });
    const work = around(actor, own, aborted);
    pending.set(work, actor);
    const done = (): unknown => pending.delete(work);
    work.then(done, done);
    return work;
  };
  const stall = new Stall(() => ({ count, busy: [...pending.values()] }), stop);
  signal?.addEventListener('abort', () => stop('it was stopped'), { once: true });
  try {
    const run = runActors({ machine, actors, around: watched, input, clock, inspect, death: death.signal });
    return { kind: 'output', output: await run, thrown };
  } catch (error) {
    const why = death.signal.aborted ? String(death.signal.reason) : `the machine threw ${messageOf(error)}`;
    return { kind: 'stopped', why, thrown };
  } finally {
    stall.over();
    await Promise.race([Promise.allSettled(pending.keys()), pause(afterwardsMs)]);
  }
}

/**
 * What an actor returns that answers nothing before the machine has stopped it.
 *
 * @param signal - aborts when the machine stops the actor
 */
export function untilStopped(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
