import { type AnyActorLogic, fromCallback, fromPromise } from 'xstate';
import type { ActorBody, ActorName, Actors } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';

/** Takes the place of every actor's call. */
export type Around = (name: ActorName, body: () => Promise<unknown>, signal: AbortSignal) => Promise<unknown>;

/** The actors of a run of the machine, and what takes the place of their calls. */
export interface Cast {
  readonly actors: Actors;
  /** By default they are just called. */
  readonly around?: Around | undefined;
}

const justCall: Around = (_name, body) => body();

/**
 * Actors as the machine's `provide` takes them, of whichever run asks.
 *
 * @param castOf - the cast of a run, by its actor system
 */
export function actorLogic(castOf: (system: object) => Cast): Record<string, AnyActorLogic> {
  const { keepLock: _keepLock, ...bodies } = forgeSessionResumeMachine.implementations.actors as Record<
    string,
    unknown
  >;
  const logic: Record<string, AnyActorLogic> = {
    keepLock: fromCallback(({ system }) => castOf(system).actors.keepLock()),
  };
  for (const name of Object.keys(bodies) as ActorName[]) {
    logic[name] = fromPromise(({ input, signal, system }) => {
      const { actors, around = justCall } = castOf(system);
      return around(name, async () => (actors[name] as ActorBody<ActorName>)(input as never, { signal }), signal);
    });
  }
  return logic;
}
