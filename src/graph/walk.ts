import { type AnyMachineSnapshot, type AnyTransitionDefinition, initialTransition, transition } from 'xstate';
import type { MachineInput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { transitionId } from './chart.ts';
import type { OutcomeEvent } from './outcome-events.ts';
import { stateName } from './state-name.ts';

/** One step of a walk through the machine. */
export interface WalkStep extends OutcomeEvent {
  readonly before: AnyMachineSnapshot;
  readonly after: AnyMachineSnapshot;
  /** Id of the transition that was taken. */
  readonly transition: string;
}

/**
 * The id of the transition that an event would make a machine take.
 *
 * @param snapshot - where the machine is
 * @param event - the event
 * @returns undefined where it would take none
 */
export function transitionTaken(snapshot: AnyMachineSnapshot, event: OutcomeEvent['event']): string | undefined {
  const [taken]: AnyTransitionDefinition[] = snapshot.machine.getTransitionData(snapshot, event);
  return taken === undefined ? undefined : transitionId(taken);
}

/**
 * Takes the machine through a series of events, without actors.
 *
 * @param input - the call's ids
 * @param events - outcomes in order
 * @throws Error where the machine takes no transition for one of them
 */
export function walk(input: MachineInput, events: readonly OutcomeEvent[]): readonly WalkStep[] {
  let before: AnyMachineSnapshot = initialTransition(forgeSessionResumeMachine, input)[0];
  return events.map(({ outcome, event }) => {
    const taken = transitionTaken(before, event);
    if (taken === undefined) throw new Error(`${stateName(before)} takes no ${event.type}`);
    const after: AnyMachineSnapshot = transition(forgeSessionResumeMachine, before as never, event)[0];
    const step: WalkStep = { outcome, event, before, after, transition: taken };
    before = after;
    return step;
  });
}
