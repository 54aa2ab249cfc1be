#!/usr/bin/env node
/** The program `forge-resume`: an agent's two ways in go the short way, everything else loads the command line. */
import { answerAgent } from './answer-agent.ts';
import { exitCodes } from './exit-codes.ts';
import { failureText } from './failure-text.ts';
import { complain } from './write-line.ts';

const [command, ...rest] = process.argv.slice(2);
const asksForHelp = rest.length === 1 && ['--help', '-h', '--version', '-V'].includes(rest[0] ?? '');

const isAgents = command === 'notify' || command === 'hook';

if (isAgents && !asksForHelp) {
  // Exit 2 would block the agent, others count as a failed hook: whatever happens, the exit code is 0.
  const leave = (): never => process.exit(0);
  const crash = (error: unknown): never => {
    complain(`forge-resume ${command}: ${failureText(error)}`);
    return leave();
  };
  // Rejections that nobody handles arrive here as well.
  process.on('uncaughtException', crash);
  answerAgent(command, rest).then(leave, crash);
} else {
  const finish = (code: number): void => {
    process.exitCode = isAgents ? 0 : code;
  };
  import('./program.ts')
    .then(({ runProgram }) => runProgram(process.argv))
    .then(finish, (error: unknown) => {
      complain(`forge-resume: ${failureText(error)}`);
      finish(exitCodes.failure);
    });
}
