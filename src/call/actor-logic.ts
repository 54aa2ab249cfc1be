import { type AnyActorLogic, fromCallback, fromPromise } from 'xstate';
import type { ActorBody, ActorInput, ActorName, Actors } from '../../machines/contract.ts';

/** Takes the place of every actor's call. */
export type Around = (name: ActorName, body: () => Promise<unknown>, signal: AbortSignal) => Promise<unknown>;

/**
 * A set of actors as the machine's `provide` takes it.
 *
 * @param actors - a store's, a pane look-up's and the hooks'
 * @param around - takes the place of every actor's call; by default they are just called
 */
export function actorLogic(
  { keepLock, ...bodies }: Actors,
  around: Around = (_name, body) => body(),
): Record<string, AnyActorLogic> {
  const logic: Record<string, AnyActorLogic> = { keepLock: fromCallback(() => keepLock()) };
  for (const name of Object.keys(bodies) as ActorName[]) {
    const body = bodies[name] as ActorBody<ActorName>;
    logic[name] = fromPromise(({ input, signal }) =>
      around(name, async () => body(input as ActorInput<ActorName>, { signal }), signal),
    );
  }
  return logic;
}
