import { type CallbackActorLogic, type EventObject, fromCallback, fromPromise, type PromiseActorLogic } from 'xstate';
import { answerKinds, checkAnswer } from './answer-kinds.ts';
import type { ActorBody, ActorInput, ActorName, ActorOutput, Actors } from './contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from './forge-session-resume.ts';

/** Takes the place of every actor's call. */
export type Around = (name: ActorName, body: () => Promise<unknown>, signal: AbortSignal) => Promise<unknown>;

/** The actors of a run of the machine, and what takes the place of their calls. */
export interface Cast {
  readonly actors: Actors;
  /** By default they are just called. */
  readonly around?: Around | undefined;
}

/** Actors as the machine's `provide` takes them. */
export type ActorLogics = { [Name in ActorName]: PromiseActorLogic<ActorOutput<Name>, ActorInput<Name>> } & {
  keepLock: CallbackActorLogic<EventObject>;
};

const justCall: Around = (_name, body) => body();

/**
 * Actors as the machine's `provide` takes them, of whichever run asks.
 *
 * @param castOf - the cast of a run, by its actor system
 */
export function actorLogics(castOf: (system: object) => Cast): ActorLogics {
  const logicOf = (name: ActorName) =>
    fromPromise(({ input, signal, system }) => {
      const { actors, around = justCall } = castOf(system);
      const act = actors[name] as ActorBody<ActorName> | undefined;
      const body = async (): Promise<unknown> => {
        if (act === undefined) throw new TypeError(`the actor ${name} is missing`);
        return checkAnswer(name, await act(input as never, { signal }));
      };
      return around(name, body, signal);
    });
  const names = Object.keys(answerKinds) as ActorName[];
  return {
    ...Object.fromEntries(names.map((name) => [name, logicOf(name)])),
    keepLock: fromCallback(({ system }) => castOf(system).actors.keepLock()),
  } as ActorLogics;
}

/**
 * The machine with actors of your own, all at once; for one of them, XState's `provide` will do. To run it once and be
 * told the result, `runForgeSessionResume` is shorter.
 *
 * @param actors - a whole set; each is called with its input and `{ signal }`, which aborts when the machine stops
 * waiting for it
 * @returns the machine, for `createActor`
 * @example
 * const actor = createActor(provideActors(actors), { input: { payloadSessionId: 's1', payloadThreadId: '' } });
 * actor.subscribe((snapshot) => console.log(snapshot.value));
 * actor.start();
 */
export function provideActors(actors: Actors): ForgeSessionResumeMachine {
  const cast: Cast = { actors };
  return forgeSessionResumeMachine.provide({ actors: actorLogics(() => cast) });
}
