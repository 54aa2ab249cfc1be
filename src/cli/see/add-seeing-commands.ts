import type { Command } from 'commander';
import { help } from '../help.ts';
import { stateDirOption } from '../state-dir-option.ts';
import type { StatusOptions } from './status-command.ts';

/** Adds a command to the program. */
export type AddCommand = (name: string, summary: string, teaching: string) => Command;

/**
 * Adds the commands that show what is there.
 *
 * @param add - adds one
 * @param finish - takes the exit code
 */
export function addSeeingCommands(add: AddCommand, finish: (code: number) => void): void {
  add('status', 'show every run, the current session and the lock', help.status)
    .alias('ls')
    .option(...stateDirOption)
    .option('--watch', 'show it again when it has changed, until it is stopped')
    .option('--json', 'print one line of JSON')
    .action(async (options: StatusOptions) =>
      finish(await (await import('./status-command.ts')).statusCommand(options)),
    );
}
