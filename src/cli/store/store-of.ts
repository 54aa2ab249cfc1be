import type { ConfiguredStore } from './configured-store.ts';
import { mayHaveStore } from './may-have-store.ts';
import type { PostgresPart } from './run-on-store.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The store that a project's runs are in, for commands; nothing is loaded where none is named.
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 * @returns undefined where they are in its files
 * @throws StoreConfigurationError that says what to do
 */
export async function storeOf(stateDir: string, env: Env = process.env): Promise<ConfiguredStore | undefined> {
  return mayHaveStore(env) ? (await import('./stores.ts')).configuredStore(stateDir, env) : undefined;
}

/**
 * Whether a project's runs are in no files of its, or may be: what names a store cannot be understood.
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 */
export const isElsewhere = (stateDir: string, env: Env): Promise<boolean> =>
  storeOf(stateDir, env).then(
    (store) => store !== undefined,
    () => true,
  );

/**
 * Does something on a store; what is needed for that is loaded now.
 *
 * @param store - which one
 * @param action - what
 * @throws StoreTrouble that says what to do next
 */
export async function onStore<Result>(
  store: ConfiguredStore,
  action: (part: PostgresPart) => Promise<Result>,
): Promise<Result> {
  return await (await import('./stores.ts')).runOnStore(store, action);
}

/**
 * Where a project's runs are, for people.
 *
 * @param store - the store
 */
export const storeWords = ({ shown, project }: ConfiguredStore): string => `${shown}, project ${project}`;
