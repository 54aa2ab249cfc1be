import type { ReconcileResult } from '../result.ts';
import { withSurroundings } from './run-on-postgres.ts';
import { type StorePlace, withStore } from './with-store.ts';

/** Where a call comes from that only settles. */
export interface SettlingSession {
  readonly stateDir: string;
  readonly session: string;
}

/**
 * The call that brings a session and its run in a database up to date: from there, for no conversation, and without a pane
 * that it could bind the run to.
 *
 * @param place - the database
 * @param from - the session
 * @throws what a call on that database throws
 */
export async function settleOnPostgres(
  place: StorePlace,
  { stateDir, session }: SettlingSession,
): Promise<ReconcileResult> {
  const { runForgeSessionResume } = await import('../run-machine.ts');
  return await withStore(place, { stateDir }, async (store) => {
    const call = store.call({ session });
    try {
      const actors = withSurroundings(call.actors, { kind: 'doubtful', pane: null }, async () => '');
      return await runForgeSessionResume({ actors, input: { payloadSessionId: '', payloadThreadId: '' } });
    } finally {
      call.close();
    }
  });
}
