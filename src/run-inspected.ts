import { createActor, fromCallback, type InspectionEvent, toPromise } from 'xstate';
import type { ActorBody, ActorInput, ActorName, Actors, MachineInput, MachineOutput } from '../machines/contract.ts';
import { forgeSessionResumeMachine } from '../machines/forge-session-resume.ts';
import { fromAnswer } from './answer-logic.ts';
import type { ChartClock } from './interpreter/interpret.ts';

/**
 * Runs the statechart once in XState, for callers who watch it; loaded only for them.
 *
 * @param actors - what the machine invokes
 * @param input - the call's ids
 * @param clock - the call's timers
 * @param inspect - hears every event, as XState's `inspect` option does
 * @returns the machine's output
 */
export async function runInspected(
  actors: Actors,
  input: MachineInput,
  clock: ChartClock,
  inspect: (event: InspectionEvent) => void,
): Promise<MachineOutput> {
  const { keepLock, ...bodies } = actors;
  const logic = Object.entries(bodies).map(([name, body]) => [
    name,
    fromAnswer((given, scope) => (body as ActorBody<ActorName>)(given as ActorInput<ActorName>, scope)),
  ]);
  const provided = forgeSessionResumeMachine.provide({
    actors: { ...Object.fromEntries(logic), keepLock: fromCallback(() => keepLock()) },
  });
  const actor = createActor(provided, { clock, input, inspect });
  const ended = toPromise(actor);
  actor.start();
  return await ended;
}
