import type { Command } from 'commander';
import { policySwitches } from './policy-switches.ts';

const summaries: { readonly [Name in keyof typeof policySwitches]: readonly [value: string, summary: string] } = {
  staleAfter: [' <duration>', 'end a prior run that has been idle for longer (30m, 12h, 7d)'],
  requireDeadOwner: ['', 'take a run only where its owner is not known to live'],
  refuseForeignOwner: ['', "leave the current session's run alone where it is another conversation's"],
  sessionFrom: [' <pointer>', 'pointer: a live session.json decides before a variable does'],
  allowedSessions: [' <ids>', 'take runs of these sessions alone (ids, with commas)'],
};

/**
 * Adds the flag of one policy to a command.
 *
 * @param command - the command
 * @param name - which policy
 */
export function withPolicy(command: Command, name: keyof typeof policySwitches): Command {
  const [value, summary] = summaries[name];
  return command.option(`${policySwitches[name].flag}${value}`, summary);
}

/**
 * Adds the flags of the policies to a command.
 *
 * @param command - the command
 */
export function withPolicies(command: Command): Command {
  for (const name of Object.keys(summaries)) withPolicy(command, name as keyof typeof policySwitches);
  return command;
}
