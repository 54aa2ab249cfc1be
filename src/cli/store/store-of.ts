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
  return mayHaveStore(env, stateDir) ? (await import('./stores.ts')).configuredStore(stateDir, env) : undefined;
}

/** That a project's runs are in no files of its. */
export interface NamedStore {
  /** Where they are; undefined where what names it cannot be understood. */
  readonly store: ConfiguredStore | undefined;
}

/**
 * The store that a project's runs are in, for commands that go on where what names it cannot be understood.
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 * @returns undefined where they are in its files
 */
export const namedStore = (stateDir: string, env: Env = process.env): Promise<NamedStore | undefined> =>
  storeOf(stateDir, env).then(
    (store) => store && { store },
    () => ({ store: undefined }),
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
