import { getShortestPaths } from '@xstate/graph';
import { forgeSessionResumeMachine } from '../../../src/machine.ts';
import { machineEvents, serializeMachine } from '../../../src/testing/index.ts';

export const paths = getShortestPaths(forgeSessionResumeMachine, {
  input: { payloadSessionId: 's1', payloadThreadId: '' },
  events: machineEvents(),
  serializeState: serializeMachine,
});
