import type { InspectionEvent } from 'xstate';

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
