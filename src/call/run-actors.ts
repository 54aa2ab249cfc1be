import { createActor, type InspectionEvent, toPromise } from 'xstate';
import type { Actors, MachineInput, MachineOutput } from '../../machines/contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Around, actorLogics, type Cast } from '../../machines/provide-actors.ts';
import type { MachineGuards } from '../inspect/recording/watch-guards.ts';
import { orAborted } from '../store/file/lock/or-aborted.ts';
import type { CallClock } from './options.ts';

const casts = new WeakMap<object, Cast>();
const logics = actorLogics((system) => {
  const cast = casts.get(system);
  if (cast === undefined) throw new Error('a run of the machine without actors');
  return cast;
});
/** Built once: each run finds its own actors by its system, since building the states takes longer than running them. */
let production: ForgeSessionResumeMachine | undefined;
/** The same for runs that are listened to. */
let heard: ForgeSessionResumeMachine | undefined;

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
  /** Makes of the machine's guards such as can be listened to; asked once. */
  readonly listen?: ((machine: ForgeSessionResumeMachine) => MachineGuards) | undefined;
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
  const { actors, around, input, clock, inspect, death, listen, machine } = run;
  const actor = createActor(machine?.provide({ actors: logics }) ?? usual(listen), {
    input,
    ...(clock === undefined ? {} : { clock }),
    ...(inspect === undefined ? {} : { inspect }),
  });
  casts.set(actor.system, { actors, around });
  try {
    const ended = toPromise(actor);
    actor.start();
    return await orAborted(ended, death);
  } finally {
    actor.stop();
  }
}

function usual(listen: ActorsRun['listen']): ForgeSessionResumeMachine {
  if (listen === undefined) {
    production ??= forgeSessionResumeMachine.provide({ actors: logics });
    return production;
  }
  heard ??= forgeSessionResumeMachine.provide({ actors: logics, guards: listen(forgeSessionResumeMachine) });
  return heard;
}
