import type { MachineScope } from './context.ts';

/** A guard that was asked. */
export interface GuardAnswer {
  /** Its name in the chart. */
  readonly name: string;
  /** Whether it let the transition be taken. */
  readonly passed: boolean;
}

type Guard = (scope: MachineScope) => boolean;

let isHeard = false;
/** What guards have said about the event that they were asked about last. */
let said: { readonly event: unknown; readonly answers: GuardAnswer[] } = { event: undefined, answers: [] };

/** From now on it is kept what guards say; XState's inspection does not tell of them. */
export function hearGuards(): void {
  isHeard = true;
}

/**
 * Guards that can be heard. They are the machine's own: guards given to it by `provide` would build its states again.
 *
 * @param guards - as `setup` takes them
 * @returns the same, by name
 */
export function hearable<Name extends string>(guards: Record<Name, Guard>): Record<Name, Guard> {
  const heard = Object.entries<Guard>(guards).map(([name, guard]) => [name, hear(name, guard)]);
  return Object.fromEntries(heard) as Record<Name, Guard>;
}

const hear =
  (name: string, guard: Guard): Guard =>
  (scope) => {
    const passed = guard(scope);
    if (isHeard) {
      if (said.event !== scope.event) said = { event: scope.event, answers: [] };
      said.answers.push({ name, passed });
    }
    return passed;
  };

/**
 * What guards were asked about an event, and what they said, in order: asking guards and taking a step are one
 * synchronous move of XState's.
 *
 * @param event - as the machine got it; an observer may have asked guards about others
 */
export function takeAnswers(event: object): readonly GuardAnswer[] {
  const { answers } = said.event === event ? said : { answers: [] };
  said = { event: undefined, answers: [] };
  return answers;
}
