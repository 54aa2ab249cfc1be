import type { ActorOptions, AnyActorLogic, InspectionEvent } from 'xstate';

/** A function or an observer, as XState's own `inspect` option takes it; `inspector.inspect` of `@statelyai/inspect` is one. */
export type Inspect = NonNullable<ActorOptions<AnyActorLogic>['inspect']>;

/**
 * An observer that never changes a call: what it throws, or rejects with, changes nothing.
 *
 * @param inspect - a function, or an observer with `next`
 */
export function harmless(inspect: Inspect): (event: InspectionEvent) => void {
  const tell = (event: InspectionEvent): unknown =>
    typeof inspect === 'function' ? inspect(event) : inspect.next?.(event);
  return (event) => {
    try {
      const told = tell(event);
      // It has to live with what it misses.
      if (told instanceof Promise) told.catch(() => undefined);
    } catch {}
  };
}
