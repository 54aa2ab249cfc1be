import { answerKinds } from './answer-kinds.ts';
import { type ActorLogic, type CastOf, castActor, castKeepLock } from './cast.ts';
import type { ActorName, Actors } from './contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from './forge-session-resume.ts';

/**
 * The machine with actors of your own, all at once; for one of them, XState's `provide` will do. To run it once and be
 * told the result, `runForgeSessionResume` is shorter. Hooks among them are called where the machine's input names them.
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
  const castOf: CastOf = () => ({ actors });
  const names = Object.keys(answerKinds) as ActorName[];
  const logics = Object.fromEntries(names.map((name) => [name, castActor(name, castOf)])) as {
    [Name in ActorName]: ActorLogic<Name>;
  };
  return forgeSessionResumeMachine.provide({ actors: { ...logics, keepLock: castKeepLock(castOf) } });
}
