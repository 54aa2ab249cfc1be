import { createActor, type InspectionEvent, toPromise } from 'xstate';
import { type Around, castRun } from '../../machines/cast.ts';
import type { Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { orAborted } from '../store/file/lock/or-aborted.ts';
import type { CallClock } from './options.ts';

/** One run of the machine. */
export interface ActorsRun {
  readonly actors: Actors;
  readonly input: MachineInput;
  /** Takes the place of every actor's call. */
  readonly around?: Around | undefined;
  /** Time for delays; default the real one. */
  readonly clock?: CallClock | undefined;
  /** Is told every event; must not throw. */
  readonly inspect?: ((event: InspectionEvent) => void) | undefined;
  /** Stops the machine wherever it is, as the death of its process would. */
  readonly death?: AbortSignal | undefined;
  /** Another machine than the production one; for mutation checks. */
  readonly machine?: ForgeSessionResumeMachine | undefined;
}

/**
 * Runs the machine once. However it ends, no actor and no timer of it is left.
 *
 * @param run - actors, input, clock
 * @returns what the machine ended with
 * @throws what the machine itself threw, or the reason of `death`
 */
export async function runActors(run: ActorsRun): Promise<MachineOutput> {
  const { actors, around, input, clock, inspect, death, machine = forgeSessionResumeMachine } = run;
  const actor = createActor(machine, {
    input,
    ...(clock === undefined ? {} : { clock }),
    ...(inspect === undefined ? {} : { inspect }),
  });
  castRun(actor.system, { actors, around });
  try {
    const ended = toPromise(actor);
    actor.start();
    return await orAborted(ended, death);
  } finally {
    actor.stop();
  }
}
