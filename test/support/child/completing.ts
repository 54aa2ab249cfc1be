/** A program of the name `forge-resume` whose command takes a session, completed as ours is. */
import { Argument, Command } from 'commander';
import { completionCommand, type Shell, shells } from '../../../src/cli/completion/completion-command.ts';

const program = new Command('forge-resume');
program
  .command('adopt')
  .argument('<session>')
  .option('--state-dir <dir>')
  .option('--from-live')
  .action(() => {});
program
  .command('completion')
  .addArgument(new Argument('<shell>').choices(shells))
  .argument('[words...]')
  .action((shell: Shell, words: readonly string[]) => void completionCommand(program, shell, words));
program.parse();
