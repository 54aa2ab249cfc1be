import type { InspectionEvent } from 'xstate';

/**
 * An `inspect` observer that acts each time the statechart starts one of its actors, before the actor's body runs.
 *
 * @param actor - name of the actor
 * @param act - what to do
 */
export function whenStarted(actor: string, act: () => void): (event: InspectionEvent) => void {
  return (event) => {
    if (event.type === '@xstate.actor' && (event.actorRef as { readonly id?: unknown }).id === actor) act();
  };
}
