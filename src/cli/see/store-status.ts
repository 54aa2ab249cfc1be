import type { Policies } from '../../rules/policies.ts';
import { statePaths } from '../../store/file/files/paths.ts';
import type { Root } from '../find-root.ts';
import type { ConfiguredStore } from '../store/configured-store.ts';
import { onStore } from '../store/store-of.ts';
import { currentOf, liveFirst, runOf, type Status } from './status-facts.ts';

/**
 * Looks at a project whose runs are in a database: takes no lock, writes nothing. Which session is current, this host says.
 *
 * @param store - the database
 * @param root - the project's state directory
 * @param env - environment, which may name the current session
 * @param policies - what a call is asked for beyond the rules
 * @throws StoreTrouble where the database is away
 */
export async function storeStatusOf(
  store: ConfiguredStore,
  root: Root,
  env: Readonly<Record<string, string | undefined>>,
  policies?: Policies,
): Promise<Status> {
  const { runs, unsettled, isLocked } = await onStore(store, ({ seePostgres }) => seePostgres(store));
  return {
    schema: 1,
    root: root.stateDir,
    others: root.others,
    store: { url: store.shown, project: store.project },
    current: await currentOf({ paths: statePaths(root.stateDir), env, policies }),
    lock: { state: isLocked ? 'held' : 'free', kind: 'database', pid: null, isElsewhere: false, ageMs: null },
    journals: unsettled,
    runs: runs.map((run) => runOf(run.session, run.value, run.writtenMs, () => run.liveness)).sort(liveFirst),
  };
}
