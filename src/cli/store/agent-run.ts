import type { CallParts } from '../../call/options.ts';
import type { ReconcileResult } from '../../call/result.ts';
import type { runCall } from '../../call/run-call.ts';
import { reasons } from '../../rules/protocol.ts';
import { type ConfiguredStore, configuredStore } from './configured-store.ts';
import { runOnStore } from './run-on-store.ts';
import { StoreTrouble, troubleOf } from './store-trouble.ts';

/** Makes a call; a library's `runCall` is one. */
export type RunCall = (options: Parameters<typeof runCall>[0], parts: CallParts) => Promise<ReconcileResult>;

/**
 * What makes an agent's call where the project's runs are in a database. Where a store is named that cannot be used, every
 * call fails: on files it could make a second owner.
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 * @returns undefined where the runs are in the project's files
 */
export async function agentRun(stateDir: string, env: NodeJS.ProcessEnv): Promise<RunCall | undefined> {
  let store: ConfiguredStore | undefined;
  try {
    store = configuredStore(stateDir, env);
  } catch (error) {
    const trouble = troubleOf(error, undefined);
    return () => Promise.reject(trouble);
  }
  if (store === undefined) return undefined;
  const { project } = store;
  // Root becomes the project's owner behind this, who may not reach the package's files.
  if (process.geteuid?.() === 0) await runOnStore(store, ({ loadAhead }) => loadAhead()).catch(() => undefined);
  return async (options, parts) => {
    const result = await runOnStore(store, ({ runOnPostgres }) => runOnPostgres(store, options, parts));
    if (result.reason !== reasons.lockTimeout) return result;
    const held = `another call held the lock of project ${project}`;
    throw new StoreTrouble('away', reasons.lockTimeout, held, 'The next turn tries again');
  };
}
