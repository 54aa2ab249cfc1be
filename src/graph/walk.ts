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

/** Takes the machine through a series of events. */
export type Walk = (input: MachineInput, events: readonly OutcomeEvent[]) => readonly WalkStep[];

/**
 * Makes something that takes the machine through series of events, without actors. What series have in common at their
 * beginnings is walked once: XState's pure transition makes an actor each time.
 *
 * @returns a walk, which throws where the machine takes no transition for one of the events
 */
export function makeWalk(): Walk {
  const starts = new Map<MachineInput, AnyMachineSnapshot>();
  const known = new Map<AnyMachineSnapshot, Map<OutcomeEvent['event'], WalkStep>>();
  const start = (input: MachineInput): AnyMachineSnapshot => {
    const first = starts.get(input) ?? initialTransition(forgeSessionResumeMachine, input)[0];
    starts.set(input, first);
    return first;
  };
  const go = (before: AnyMachineSnapshot, offer: OutcomeEvent): WalkStep => {
    const steps = known.get(before) ?? new Map<OutcomeEvent['event'], WalkStep>();
    const step = steps.get(offer.event) ?? stepOn(before, offer);
    known.set(before, steps.set(offer.event, step));
    return step;
  };
  return (input, events) => {
    let at = start(input);
    return events.map((offer) => {
      const step = go(at, offer);
      at = step.after;
      return step;
    });
  };
}

function stepOn(before: AnyMachineSnapshot, { outcome, event }: OutcomeEvent): WalkStep {
  const taken = transitionTaken(before, event);
  if (taken === undefined) throw new Error(`${stateName(before)} takes no ${event.type}`);
  const after: AnyMachineSnapshot = transition(forgeSessionResumeMachine, before as never, event)[0];
  return { outcome, event, before, after, transition: taken };
}
