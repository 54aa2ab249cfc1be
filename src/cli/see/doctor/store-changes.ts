import type { ReconcileResult } from '../../../call/result.ts';
import { commandReasons, protocol, reasons } from '../../../rules/protocol.ts';
import type { StatePaths } from '../../../store/file/files/paths.ts';
import type { ConfiguredStore } from '../../store/configured-store.ts';
import { onStore } from '../../store/store-of.ts';
import type { RunChanges } from './file-changes.ts';

/**
 * Changes runs that are in a database, by calls from this host, which bring its files along.
 *
 * @param paths - of the state directory's files
 * @param named - the database; undefined where what names it cannot be understood, so that nothing is changed
 */
export const storeChanges = (paths: StatePaths, named: ConfiguredStore | undefined): RunChanges => ({
  settle: async (session) => {
    const store = understood(named);
    const from = { stateDir: paths.stateDir, session };
    heldElsewhere(store, await onStore(store, ({ settleOnPostgres }) => settleOnPostgres(store, from)));
  },
  end: async (mend, _plan) => {
    const { session } = mend;
    const store = understood(named);
    const { stateDir } = paths;
    const { keepFile, underLock } = await import('../../../call/run-machine.ts');
    // Whether its owner is gone, this host has said, on which it was launched; the database only knows of its last turn.
    const command = { kind: 'end', session, fromLive: true } as const;
    const ids = { payloadSessionId: '', payloadThreadId: '' };
    const env = { [protocol.env.sessionIds[0]]: session };
    const question = { stateDir, env, input: { ...ids, command } };
    const plan = await onStore(store, ({ planOnPostgres }) => planOnPostgres(store, question));
    const { kept } = await underLock(paths, (call) => keepFile(call, mend));
    const parts = { command: { ...command, plan: plan.id } };
    const result = await onStore(store, ({ runOnPostgres }) => runOnPostgres(store, { stateDir, ...ids, env }, parts));
    heldElsewhere(store, result);
    if (result.reason === commandReasons.ended) return kept;
    throw new Error(`the run of ${session} has moved meanwhile (${result.reason}); look again`);
  },
});

function understood(named: ConfiguredStore | undefined): ConfiguredStore {
  if (named === undefined) throw new Error('what says in which database the runs are cannot be used: see FR025');
  return named;
}

function heldElsewhere({ project }: ConfiguredStore, { reason }: ReconcileResult): void {
  if (reason === reasons.lockTimeout) throw new Error(`another call holds the lock of project ${project}; try again`);
}
