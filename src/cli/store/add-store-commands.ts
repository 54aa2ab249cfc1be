import { help } from '../help/help.ts';
import type { AddCommand } from '../see/add-seeing-commands.ts';
import { stateDirOption } from '../state-dir-option.ts';
import type { MigrateOptions } from './migrate-command.ts';
import type { StoreOptions } from './store-command.ts';

/**
 * Adds the commands that say in which store a project's runs are.
 *
 * @param add - adds one
 * @param finish - takes the exit code
 */
export function addStoreCommands(add: AddCommand, finish: (code: number) => void): void {
  const load = () => import('./stores.ts');
  const store = add('store', 'keep runs in PostgreSQL, for more than one host', help.store);
  store
    .command('use')
    .description("keep this project's runs in a database")
    .argument('<url>', 'postgres://user@host/database')
    .option('--project <name>', "the project's name there; that of its folder by default")
    .option(...stateDirOption)
    .option('--json', 'print one line of JSON')
    .action(async (url: string, options: StoreOptions) => finish(await (await load()).useCommand(url, options)));
  store
    .command('show')
    .description("say where this project's runs are")
    .option(...stateDirOption)
    .option('--json', 'print one line of JSON')
    .action(async (options: StoreOptions) => finish(await (await load()).showCommand(options)));
  store
    .command('forget')
    .description('keep them in its files again')
    .option(...stateDirOption)
    .option('--json', 'print one line of JSON')
    .action(async (options: StoreOptions) => finish(await (await load()).forgetCommand(options)));
  add('db', "make the tables of such a database, or bring them to this release's version", help.db)
    .command('migrate')
    .description('print the statements, and run them')
    .option('--dry-run', 'print them, run none')
    .option(...stateDirOption)
    .option('--json', 'print one line of JSON')
    .action(async (options: MigrateOptions) => finish(await (await load()).migrateCommand(options)));
}
