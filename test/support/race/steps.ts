import type { InspectionEvent } from 'xstate';
import type { ActorScope, Actors } from '../../../machines/contract.ts';

/** What an observer of the statechart wants to hear. */
export interface StepListener {
  /** An actor is about to start; its body has not run yet. */
  readonly onStep?: (name: string) => void;
  /** An actor failed. */
  readonly onError?: (name: string, code: string) => void;
}

/**
 * An `inspect` observer that tells when each actor starts and fails.
 *
 * @param listener - what to call
 */
export function observeSteps(listener: StepListener): (event: InspectionEvent) => void {
  return (event) => {
    if (event.type !== '@xstate.event') return;
    const { id } = event.actorRef as unknown as { readonly id: string };
    if (event.event.type === 'xstate.init') listener.onStep?.(id);
    const failed = /^xstate\.error\.actor\.(.+)$/.exec(event.event.type)?.[1];
    if (failed === undefined) return;
    const { error } = event.event as unknown as { error?: { code?: unknown; name?: unknown } };
    listener.onError?.(failed, String(error?.code ?? error?.name ?? error));
  };
}

/**
 * The same for a call that nobody inspects: hears of each start and failure from the actors themselves.
 *
 * @param listener - what to call
 * @returns what alters the actors of a call
 */
export function alteredToTell(listener: StepListener): (actors: Actors) => Actors {
  const telling = (name: string, body: (input: never, scope: ActorScope) => unknown) => {
    return async (input: never, scope: ActorScope): Promise<unknown> => {
      listener.onStep?.(name);
      try {
        return await body(input, scope);
      } catch (error) {
        const { code, name: kind } = (error ?? {}) as { code?: unknown; name?: unknown };
        listener.onError?.(name, String(code ?? kind ?? error));
        throw error;
      }
    };
  };
  return ({ keepLock, ...bodies }) =>
    ({
      keepLock,
      ...Object.fromEntries(
        Object.entries(bodies).flatMap(([name, body]) => (body === undefined ? [] : [[name, telling(name, body)]])),
      ),
    }) as unknown as Actors;
}
