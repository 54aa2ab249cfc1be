/** What XState's graph functions take. */
import { getAdjacencyMap, getShortestPaths } from '@xstate/graph';
import { forgeSessionResumeMachine } from '../../../src/machine.ts';
import { machineEvents, serializeMachine } from '../../../src/testing/index.ts';

const options = {
  input: { payloadSessionId: 's1', payloadThreadId: '' },
  events: machineEvents(),
  serializeState: serializeMachine,
};

export const ways: readonly string[] = getShortestPaths(forgeSessionResumeMachine, options).map(
  ({ state, steps }) => `${steps.length}: ${state.output?.reason ?? ''}`,
);
export const count: number = Object.keys(getAdjacencyMap(forgeSessionResumeMachine, options)).length;
