import type { AnyEventObject, AnyMachineSnapshot } from 'xstate';
import { answerStands } from '../../machines/guards.ts';
import { outcomeEvents } from './outcome-events.ts';
import { stateName } from './state-name.ts';

/**
 * Every event that the machine can be told, without actors: each answer and each error of the alphabet, and each delay.
 * Made for `events` of `getShortestPaths`, `getSimplePaths` and `getAdjacencyMap`, which need {@link serializeMachine} as
 * well; `resumePaths` leaves out in addition what no store can answer.
 *
 * @example
 * const paths = getShortestPaths(forgeSessionResumeMachine, {
 *   input: { payloadSessionId: 's1', payloadThreadId: '' },
 *   events: machineEvents(),
 *   serializeState: serializeMachine,
 * });
 */
export function machineEvents(): AnyEventObject[] {
  return outcomeEvents().map(({ event }) => event);
}

/**
 * What tells two states of the machine apart, as far as it matters for the way on: by its whole context there are as many
 * as there are ways to them, and a search does not end.
 *
 * @param snapshot - a snapshot of the machine
 */
export function serializeMachine(snapshot: AnyMachineSnapshot): string {
  const { reason, failure, regained, answer } = snapshot.context;
  return [stateName(snapshot), reason, failure?.code, regained && 'regained', answerStands(answer) && 'answered']
    .filter(Boolean)
    .join(' ');
}
