import { lstatSync, readdirSync } from 'node:fs';
import { protocol } from '../../rules/protocol.ts';

/** Variables that name a store for one process, and the project's name in it. */
export const storeVariables = { url: 'FORGE_RESUME_STORE', project: 'FORGE_RESUME_PROJECT' } as const;

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The user's list of stores, by project (README.md#beyond-one-machine-postgresql): in the user's configuration folder and
 * nowhere else, since what lies in a project may be a stranger's.
 *
 * @param env - environment; only absolute folders count
 * @returns undefined where no such folder is known
 */
export function storesFile({ XDG_CONFIG_HOME: named = '', HOME: home = '' }: Env): string | undefined {
  if (named.startsWith('/')) return `${named}/forge-resume/stores.json`;
  return home.startsWith('/') ? `${home}/.config/forge-resume/stores.json` : undefined;
}

/**
 * Whether anything speaks of another store than the files, at the price of one look. It is asked before every call of an
 * agent's; what is said is read elsewhere.
 *
 * @param env - environment
 * @param stateDir - the project's state directory
 */
export function mayHaveStore(env: Env, stateDir: string): boolean {
  if (env[storeVariables.url]?.trim()) return true;
  const file = storesFile(env);
  try {
    if (file !== undefined && lstatSync(file, { throwIfNoEntry: false }) !== undefined) return true;
  } catch {
    // Whoever cannot look is told so where it is read: to go on with files could make a second owner.
    return true;
  }
  return isMirror(stateDir);
}

/**
 * Whether a project's files mirror a database, named or not: calls on it have left their notes here.
 *
 * @param stateDir - the project's state directory
 */
export function isMirror(stateDir: string): boolean {
  const { ownFolder, projectionFolder } = protocol.files;
  const folder = `${stateDir}/${ownFolder}/${projectionFolder}`;
  try {
    // Nearly nobody has it, and an error that is thrown would cost an agent more than the look.
    if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return false;
  } catch {
    return false;
  }
  try {
    return readdirSync(folder).length > 0;
  } catch {
    // It is there, and whoever may not look into it may not go on with files.
    return true;
  }
}
