#!/usr/bin/env node
/** The program `forge-resume`: an agent's two ways in go the short way, everything else loads the command line. */
import { messageOf } from '../errors.ts';
import { answerAgent } from './answer-agent.ts';
import { readStdin } from './read-stdin.ts';
import { complain } from './write-line.ts';

const [command, ...rest] = process.argv.slice(2);

const asksForHelp = rest.length === 1 && ['--help', '-h', '--version', '-V'].includes(rest[0] ?? '');

if ((command === 'notify' || command === 'hook') && !asksForHelp) {
  const leave = (): never => process.exit(0);
  // Whatever goes wrong in here, the agent must not notice: exit 2 would block it, others count as a failed hook.
  const crash = (error: unknown): never => {
    complain(`forge-resume ${command}: ${messageOf(error)}`);
    return leave();
  };
  // Rejections that nobody handles arrive here as well.
  process.on('uncaughtException', crash);
  answerAgent(command, command === 'hook' ? readStdin : () => rest.at(-1) ?? '').then(leave, crash);
} else {
  import('./program.ts').then(async ({ runProgram }) => {
    process.exitCode = await runProgram(process.argv);
  });
}
