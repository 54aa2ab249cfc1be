import { messageOf } from '../../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail, refuseUse } from '../fail.ts';
import { findRoot } from '../find-root.ts';
import { printable } from '../printable.ts';
import { complain, output, writeText } from '../write-line.ts';
import { configuredStore, projectName, projectPath } from './configured-store.ts';
import { isMirror, storesFile, storeVariables } from './may-have-store.ts';
import { postgresPart, runOnStore } from './run-on-store.ts';
import { storeWords } from './store-of.ts';
import { readStoreUrl } from './store-url.ts';
import { changeStores, readStores } from './stores-file.ts';

/** Options of `forge-resume store`. */
export interface StoreOptions {
  readonly stateDir?: string;
  /** The project's name in the database. */
  readonly project?: string;
  readonly json?: boolean;
}

const print = (line: string): void => writeText(output.stdout, `${printable(line)}\n`);

/**
 * Keeps a project's runs in a database from now on (`forge-resume store use`): writes the user's own list, nothing else,
 * and says whether the database is ready.
 *
 * @param given - the database's address
 * @param options - what the command line said
 * @returns the exit code
 */
export async function useCommand(given: string, options: StoreOptions): Promise<number> {
  let url: string;
  try {
    ({ url } = readStoreUrl(given));
    if (options.project !== undefined) projectName(options.project, '');
  } catch (error) {
    return refuseUse('store use', messageOf(error), options.json);
  }
  return await told('use', options, async (stateDir) => {
    const path = projectPath(stateDir);
    const file = listFile();
    const entry = { url, project: projectName(options.project, path) };
    await changeStores(file, (stores) => ({ ...stores, [path]: entry }));
    const store = configuredStore(stateDir, { ...process.env, [storeVariables.url]: '' });
    if (store === undefined) throw new Error(`${file} does not hold what was written; look at it`);
    const shown = { project: path, store: store.shown, name: store.project, by: store.by };
    const words = `The runs of ${path} are in ${storeWords(store)}${butNamed()}. That stands in ${file}.`;
    try {
      await runOnStore(store, ({ seePostgres }) => seePostgres(store));
      return [words, shown];
    } catch (error) {
      // It is what the user wants, whether or not the database is there yet.
      complain(`forge-resume store use: ${messageOf(error)}`);
      return [words, { ...shown, problem: messageOf(error) }];
    }
  });
}

/**
 * Says where a project's runs are (`forge-resume store show`).
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export const showCommand = (options: StoreOptions): Promise<number> =>
  told('show', options, async (stateDir) => {
    const path = projectPath(stateDir);
    const store = configuredStore(stateDir, process.env);
    if (store === undefined) {
      return [`The runs of ${path} are in its files.`, { project: path, store: null, name: null, by: null }];
    }
    const shown = { project: path, store: store.shown, name: store.project, by: store.by };
    return [`The runs of ${path} are in ${storeWords(store)}, says ${store.by}.`, shown];
  });

/**
 * Keeps a project's runs in its files again (`forge-resume store forget`). The database is left as it is.
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export const forgetCommand = (options: StoreOptions): Promise<number> =>
  told('forget', options, async (stateDir) => {
    const path = projectPath(stateDir);
    const file = listFile();
    const isNamed = readStores(file)[path] !== undefined;
    if (isNamed) await changeStores(file, ({ [path]: _, ...left }) => left);
    const wasMirror = isMirror(stateDir);
    if (wasMirror) await (await postgresPart()).leaveDatabase(stateDir);
    const isForgotten = isNamed || wasMirror;
    const what = isForgotten ? 'Forgotten' : 'Nothing was to be forgotten';
    return [`${what}: the runs of ${path} are in its files${butNamed()}.`, { project: path, forgotten: isForgotten }];
  });

/** What comes before the list. */
const butNamed = (): string =>
  process.env[storeVariables.url]?.trim() ? `; but ${storeVariables.url} names a store, which comes first` : '';

function listFile(): string {
  const file = storesFile(process.env);
  if (file === undefined) throw new Error('no configuration folder is known: set HOME or XDG_CONFIG_HOME');
  return file;
}

/** Prints what a command comes to: a sentence, or an object. */
async function told(
  name: string,
  { stateDir: given, json = false }: StoreOptions,
  act: (stateDir: string) => Promise<readonly [sentence: string, object]>,
): Promise<number> {
  try {
    const [sentence, object] = await act(findRoot(given).stateDir);
    print(json ? JSON.stringify({ schema: 1, ...object }) : sentence);
    return exitCodes.ok;
  } catch (error) {
    return fail(`store ${name}`, messageOf(error), json);
  }
}
