import { protocol } from '../rules/protocol.ts';
import { statePaths } from '../store/file/files/paths.ts';
import type { ReconcileResult } from './result.ts';

/**
 * The call that settles what earlier ones left in a session (src/store/file/README.md#recovery): from there, for no
 * conversation, and without a pane that it could bind the run to.
 *
 * @param stateDir - the state directory
 * @param session - from which it is made
 * @throws what `reconcileForgeSessionResume` throws
 */
export async function settleFrom(stateDir: string, session: string): Promise<ReconcileResult> {
  const { runMachine } = await import('./run-machine.ts');
  return await runMachine({
    call: {
      paths: statePaths(stateDir),
      env: { [protocol.env.sessionIds[0]]: session },
      now: new Date(),
      findPane: async () => '',
    },
    input: { payloadSessionId: '', payloadThreadId: '' },
    looked: { kind: 'doubtful', pane: null },
    hooks: {},
    inspect: undefined,
    parts: {},
  });
}
