import { realpathSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { messageOf } from '../../errors.ts';
import { isProjectName, projectNameWords } from '../../rules/project-name.ts';
import { isMirror, mayHaveStore, storesFile, storeVariables } from './may-have-store.ts';
import { readStoreUrl, type StoreUrl } from './store-url.ts';
import { readStores } from './stores-file.ts';

/** The store that a project's runs are in, other than its files. */
export interface ConfiguredStore extends StoreUrl {
  /** The project's name in the database. */
  readonly project: string;
  /** What says so: a variable's name, or the path of the user's list. */
  readonly by: string;
}

/** A store is named, but not so that it could be used; nothing was asked of it. */
export class StoreConfigurationError extends Error {
  override readonly name = 'StoreConfigurationError';
  /** The code under which it is logged. */
  readonly code = 'STORE_CONFIGURATION';
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The real path of a project, by which the user's list knows it.
 *
 * @param stateDir - its state directory, `<project>/.rcs/state`
 */
export function projectPath(stateDir: string): string {
  const project = resolve(stateDir, '..', '..');
  try {
    return realpathSync(project);
  } catch {
    return project;
  }
}

/**
 * A project's name in a database, where nothing else is said: that of its folder.
 *
 * @param given - what the user says, if anything
 * @param path - the project's real path
 * @throws StoreConfigurationError where it cannot be a name
 */
export function projectName(given: string | undefined, path: string): string {
  const name = given?.trim() || basename(path);
  if (isProjectName(name)) return name;
  throw new StoreConfigurationError(`a project's name has ${projectNameWords}`);
}

/**
 * Says where a project's runs are, by the environment or the user's list, and by nothing else: a project that somebody
 * else made must not send state or credentials anywhere (README.md#beyond-one-machine-postgresql).
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 * @returns undefined where they are in its files
 * @throws StoreConfigurationError that says what to do
 */
export function configuredStore(stateDir: string, env: Env): ConfiguredStore | undefined {
  if (!mayHaveStore(env, stateDir)) return undefined;
  const path = projectPath(stateDir);
  const named = env[storeVariables.url]?.trim();
  if (named) {
    const by = storeVariables.url;
    return { ...understood(named, by), project: projectName(env[storeVariables.project], path), by };
  }
  const by = storesFile(env) ?? '';
  const entry = configured(() => readStores(by))[path];
  if (entry === undefined) {
    if (!isMirror(stateDir)) return undefined;
    // The files may name owners that the database knows as gone.
    throw new StoreConfigurationError(
      `the runs of ${path} are in a database that nothing names any more: forge-resume store use <url>, with --project <name> if its folder had another name then; or, if its files are to count again: forge-resume store forget`,
    );
  }
  return { ...understood(entry.url, by), project: projectName(entry.project, path), by };
}

const understood = (url: string, by: string): StoreUrl => configured(() => readStoreUrl(url), `${by}: `);

function configured<Result>(read: () => Result, where = ''): Result {
  try {
    return read();
  } catch (error) {
    throw new StoreConfigurationError(`${where}${messageOf(error)}`);
  }
}
