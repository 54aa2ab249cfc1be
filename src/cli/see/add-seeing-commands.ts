import { type Command, Option } from 'commander';
import { help } from '../help/help.ts';
import { withPolicies, withPolicy } from '../policy-options.ts';
import { sessionArgument } from '../session-argument.ts';
import { stateDirOption } from '../state-dir-option.ts';
import type { DoctorOptions } from './doctor/doctor-command.ts';
import { illnessArgument, illnessIds } from './doctor/illness-argument.ts';
import type { HistoryOptions } from './history/history-command.ts';
import { countArgument, sinceArgument } from './history/since.ts';
import type { StatusOptions } from './status-command.ts';
import type { WhyOptions } from './why/why-command.ts';

/** Adds a command to the program. */
export type AddCommand = (name: string, summary: string, teaching: string) => Command;

/**
 * Adds the commands that show what is there.
 *
 * @param add - adds one
 * @param finish - takes the exit code
 */
export function addSeeingCommands(add: AddCommand, finish: (code: number) => void): void {
  withPolicy(add('status', 'show every run, the current session and the lock', help.status), 'sessionFrom')
    .alias('ls')
    .option(...stateDirOption)
    .option('--watch', 'show it again when it has changed, until it is stopped')
    .option('--json', 'print one line of JSON')
    .action(async (options: StatusOptions) =>
      finish(await (await import('./status-command.ts')).statusCommand(options)),
    );
  withPolicies(add('why', 'say what a call now would do, why, and what would change it', help.why))
    .argument('[session]', 'from which the call would come; else it is found as a call finds it', sessionArgument)
    .option(...stateDirOption)
    .option('--session-id <id>', "the agent's session id; else that of the last logged call")
    .option('--thread-id <id>', "the agent's thread id")
    .option('--exit-code', 'exit with 3 where it would not resume')
    .addOption(
      new Option('--last [number]', 'say what the last calls decided, and why, instead')
        .argParser(countArgument)
        .conflicts(['sessionId', 'threadId', 'exitCode']),
    )
    .option('--json', 'print one line of JSON')
    .action(async (session: string | undefined, options: WhyOptions) =>
      finish(await (await import('./why/why-command.ts')).whyCommand(session, options)),
    );
  add('history', 'show what happened to runs: hand-overs, refusals, repairs', help.history)
    .alias('log')
    .option(...stateDirOption)
    .option('--session <session>', 'only what is about this one', sessionArgument)
    .option('--since <when>', 'only what is no older: 30m, 2h, 3d, 2026-11-26', (value) => sinceArgument(value))
    .option('--limit <number>', 'show at most so many, the newest', countArgument, 50)
    .option('--json', 'print one line of JSON')
    .action(async (options: HistoryOptions) =>
      finish(await (await import('./history/history-command.ts')).historyCommand(options)),
    );
  // Choices are for completion; the argument's parser comes after them, since they bring one that is strict on case.
  const illness = (flags: string, says: string): Option =>
    new Option(flags, says).choices(illnessIds).argParser(illnessArgument);
  add('doctor', 'look for every known illness, say what mends it, and mend it if asked to', help.doctor)
    .option(...stateDirOption)
    .option('--fix', 'mend what needs no person; all that gives way is kept')
    .addOption(illness('--only <id>', 'look for this one alone, and mend no other'))
    .addOption(illness('--explain <id>', 'say what this one is, and look for nothing'))
    .option('--json', 'print one line of JSON')
    .action(async (options: DoctorOptions) =>
      finish(await (await import('./doctor/doctor-command.ts')).doctorCommand(options)),
    );
}
