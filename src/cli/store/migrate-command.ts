import { messageOf } from '../../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { fail } from '../fail.ts';
import { findRoot } from '../find-root.ts';
import { printable } from '../printable.ts';
import { writeAll } from '../write-all.ts';
import { type ConfiguredStore, configuredStore } from './configured-store.ts';
import { storeVariables } from './may-have-store.ts';
import { runOnStore } from './run-on-store.ts';
import { readStoreUrl } from './store-url.ts';

/** Options of `forge-resume db migrate`. */
export interface MigrateOptions {
  readonly stateDir?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * Brings the tables of a store to this release's version (`forge-resume db migrate`), and prints by which statements.
 *
 * @param options - what the command line said
 * @returns the exit code
 */
export async function migrateCommand({ stateDir, dryRun = false, json = false }: MigrateOptions): Promise<number> {
  try {
    const store = storeToMigrate(stateDir);
    const { from, to, statements } = await runOnStore(store, ({ migratePostgres }) => migratePostgres(store, dryRun));
    const { shown } = store;
    if (json) {
      await writeAll(`${printable(JSON.stringify({ schema: 1, store: shown, from, to, dryRun, statements }))}\n`);
      return exitCodes.ok;
    }
    const done = dryRun ? 'Nothing was changed; this would lead' : 'Done';
    const end = from === to ? `-- Nothing to do: version ${to}` : `-- ${done}: from version ${from} to ${to}`;
    // The statements are ours; the address is not.
    await writeAll([...statements.map(asStatement), printable(`${end}, in ${shown}`), ''].join('\n'));
    return exitCodes.ok;
  } catch (error) {
    return fail('db migrate', messageOf(error), json);
  }
}

const asStatement = (text: string): string => (text.endsWith(';') ? text : `${text};`);

/** A store that the environment names needs no project: who migrates may be another user, on another host. */
function storeToMigrate(stateDir: string | undefined): ConfiguredStore {
  const by = storeVariables.url;
  const named = process.env[by]?.trim();
  if (named) return { ...readStoreUrl(named), project: 'any', by };
  const store = configuredStore(findRoot(stateDir).stateDir, process.env);
  if (store === undefined) throw new Error(`no store is named: forge-resume store use <url>, or ${by}=<url>`);
  return store;
}
