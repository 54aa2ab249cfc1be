import type { InspectionEvent } from 'xstate';

const pathOf = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, below]) => `${name}.${pathOf(below)}`)
    .join(' + ');
};

/**
 * Collects the states that a statechart goes through, for its `inspect` option: microsteps too, since a state that is
 * left at once has no snapshot of its own.
 *
 * @returns `inspect`, and the `path` it has seen so far, such as `acquireLock.attempt`; repetitions are left out
 */
export function collectStatePath(): { readonly inspect: (event: InspectionEvent) => void; readonly path: string[] } {
  const path: string[] = [];
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' && event.type !== '@xstate.microstep') return;
    if (event.actorRef.sessionId !== event.rootId || !('value' in event.snapshot)) return;
    const state = pathOf(event.snapshot.value);
    if (path.at(-1) !== state) path.push(state);
  };
  return { inspect, path };
}
