import { type CallbackActorLogic, type EventObject, fromCallback, fromPromise, type PromiseActorLogic } from 'xstate';
import { checkAnswer } from './answer-kinds.ts';
import type { ActorBody, ActorInput, ActorName, ActorOutput, Actors } from './contract.ts';

/** Takes the place of every actor's call. */
export type Around = (name: ActorName, body: () => Promise<unknown>, signal: AbortSignal) => Promise<unknown>;

/** The actors of a run of the machine, and what takes the place of their calls. */
export interface Cast {
  readonly actors: Actors;
  /** By default they are just called. */
  readonly around?: Around | undefined;
}

/** The cast of a run, by its actor system. */
export type CastOf = (system: object) => Cast | undefined;

/** An actor as the machine takes it. */
export type ActorLogic<Name extends ActorName> = PromiseActorLogic<ActorOutput<Name>, ActorInput<Name>>;

const casts = new WeakMap<object, Cast>();
const ofSystem: CastOf = (system) => casts.get(system);
const justCall: Around = (_name, body) => body();

/**
 * Gives a run its actors before it starts. So the machine is built once for all runs: building its states takes longer
 * than running them.
 *
 * @param system - the run's actor system
 * @param cast - its actors
 */
export const castRun = (system: object, cast: Cast): void => void casts.set(system, cast);

/**
 * An actor of whichever run asks.
 *
 * @param name - the actor
 * @param castOf - finds the cast of a run; one without a cast fails with `not provided`
 */
export const castActor = <Name extends ActorName>(name: Name, castOf: CastOf = ofSystem): ActorLogic<Name> =>
  fromPromise<ActorOutput<Name>, ActorInput<Name>>(({ input, signal, system }) => {
    const { actors, around = justCall } = provided(name, castOf(system));
    const act = actors[name] as ActorBody<ActorName> | undefined;
    const body = async (): Promise<unknown> => {
      if (act === undefined) throw new TypeError(`the actor ${name} is missing`);
      return checkAnswer(name, await act(input as never, { signal }));
    };
    return around(name, body, signal) as Promise<ActorOutput<Name>>;
  });

/**
 * `keepLock` of whichever run asks.
 *
 * @param castOf - finds the cast of a run
 */
export const castKeepLock = (castOf: CastOf = ofSystem): CallbackActorLogic<EventObject> =>
  fromCallback(({ system }) => provided('keepLock', castOf(system)).actors.keepLock());

function provided(name: string, cast: Cast | undefined): Cast {
  if (cast === undefined) throw new Error(`${name}: not provided`);
  return cast;
}
