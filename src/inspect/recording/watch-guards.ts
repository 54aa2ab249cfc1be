import type { ForgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import type { GuardAnswer } from './format.ts';

/** Guards as `provide` takes them. */
export type MachineGuards = NonNullable<Parameters<ForgeSessionResumeMachine['provide']>[0]['guards']>;
type Guard = (scope: { readonly event: object }, params: unknown) => boolean;

/** What guards have said since the last step; asking guards and taking a step are one synchronous move of XState's. */
const said: { readonly event: object; readonly answer: GuardAnswer }[] = [];

/**
 * A machine's guards as `provide` takes them, heard: XState's inspection does not tell of them.
 *
 * @param machine - the machine
 */
export function watchGuards(machine: ForgeSessionResumeMachine): MachineGuards {
  const guards = Object.entries(machine.implementations.guards as unknown as Record<string, Guard>);
  const watched = guards.map(([name, guard]): [string, Guard] => [
    name,
    (scope, params) => {
      const passed = guard(scope, params);
      said.push({ event: scope.event, answer: { name, passed } });
      return passed;
    },
  ]);
  return Object.fromEntries(watched) as unknown as MachineGuards;
}

/**
 * What guards were asked about an event, and what they said, in order.
 *
 * @param event - as the machine got it; an observer may have asked guards about others
 */
export const takeAnswers = (event: object): GuardAnswer[] =>
  said
    .splice(0)
    .filter((one) => one.event === event)
    .map(({ answer }) => answer);
