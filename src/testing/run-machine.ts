import { setTimeout as pause } from 'node:timers/promises';
import { type AnyMachineSnapshot, createActor, type InspectionEvent, type SimulatedClock } from 'xstate';
import type { Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Around, actorLogic } from '../call/actor-logic.ts';
import { stateName } from '../graph/walk.ts';

/** How a run of the machine came to its end; `stopped` where it was stopped or did not go on. */
export type MachineEnd =
  | { readonly kind: 'output'; readonly output: MachineOutput }
  | { readonly kind: 'stopped'; readonly why: string };

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

/** Real time after which a machine that waits for nothing is held to have stalled, milliseconds. */
const stallMs = 250;
/** Real time that an actor may take, in units of {@link stallMs}. */
const patience = 40;

/**
 * Runs the real machine with real actors on simulated time.
 *
 * @param options - machine, actors, input, clock
 * @returns how it ended; no actor is running any more
 */
export async function runMachine(options: MachineRunOptions): Promise<MachineEnd> {
  const { machine = forgeSessionResumeMachine, actors, input, clock, limit, onState, signal } = options;
  const pending = new Set<Promise<unknown>>();
  let count = 0;
  let settle: (end: MachineEnd) => void = () => undefined;
  const ended = new Promise<MachineEnd>((resolve) => {
    settle = resolve;
  });
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' || event.actorRef.sessionId !== event.rootId) return;
    count += 1;
    if (count > limit) settle({ kind: 'stopped', why: `it went on for more than ${limit} states` });
    else onState?.(stateName(event.snapshot as AnyMachineSnapshot), count);
  };
  const { around = (_name, body) => body() } = options;
  const watched: Around = (name, body, aborted) => {
    const work = around(name, body, aborted);
    pending.add(work);
    const done = (): unknown => pending.delete(work);
    work.then(done, done);
    return work;
  };
  const logic = actorLogic(() => ({ actors, around: watched }));
  const actor = createActor(machine.provide({ actors: logic }), { clock, input, inspect });
  actor.subscribe({
    complete: () => {
      const { output } = actor.getSnapshot();
      settle(output === undefined ? { kind: 'stopped', why: 'it has no output' } : { kind: 'output', output });
    },
    error: (error) => settle({ kind: 'stopped', why: `the machine threw ${String(error)}` }),
  });
  signal?.addEventListener('abort', () => settle({ kind: 'stopped', why: 'it was stopped' }), { once: true });
  const stopWatching = watch(
    () => ({ count, busy: pending.size > 0 }),
    () => settle({ kind: 'stopped', why: 'it did not go on' }),
  );
  try {
    actor.start();
    return await ended;
  } finally {
    stopWatching();
    actor.stop();
    await Promise.race([Promise.allSettled(pending), pause(stallMs)]);
  }
}

/** Notices that nothing changes any more. */
function watch(look: () => { count: number; busy: boolean }, onStall: () => void): () => void {
  let last = 0;
  let still = 0;
  const timer = setInterval(() => {
    const { count, busy } = look();
    still = count === last ? still + 1 : 0;
    last = count;
    if (still > (busy ? patience : 0)) onStall();
  }, stallMs);
  return () => clearInterval(timer);
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
