import { getAdjacencyMap, getSimplePaths } from '@xstate/graph';
import { type AnyEventObject, type AnyMachineSnapshot, getNextTransitions } from 'xstate';
import type { MachineInput } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { answerStands } from '../../machines/guards.ts';
import { canFollow, type OutcomeEvent, outcomeEvents } from './outcome-events.ts';
import { stateName } from './state-name.ts';
import { transitionTaken } from './walk.ts';

/** One way on from a situation. */
export interface Edge extends OutcomeEvent {
  readonly from: string;
  readonly to: string;
  readonly transition: string;
}

/** Every situation that the machine can be in, as far as it matters for the way on, and every way on. */
export interface PathGraph {
  /** Key of the first situation. */
  readonly start: string;
  /** Ways on by situation, in the order in which situations are reached; none at the ends. */
  readonly edges: ReadonlyMap<string, readonly Edge[]>;
}

/**
 * Explores the production machine from its start (by `getAdjacencyMap` of `@xstate/graph`).
 *
 * @param input - the call's ids
 */
export function exploreGraph(input: MachineInput): PathGraph {
  const { events, outcomeOf } = makeOffers();
  const options = { input, events, serializeState: situation };
  // Its keys are branded strings, which Object.entries does not see through.
  const map = getAdjacencyMap(forgeSessionResumeMachine, options) as unknown as Explored;
  const edges = new Map<string, readonly Edge[]>();
  for (const [from, { state, transitions }] of Object.entries(map)) {
    const ways = Object.values(transitions).map(({ event, state: next }) => ({
      ...outcomeOf(event),
      from,
      to: situation(next),
      transition: transitionTaken(state, event) ?? '',
    }));
    edges.set(from, ways);
  }
  const [start = ''] = edges.keys();
  return { start, edges };
}

type Explored = Readonly<
  Record<
    string,
    {
      readonly state: AnyMachineSnapshot;
      readonly transitions: Readonly<
        Record<string, { readonly event: AnyEventObject; readonly state: AnyMachineSnapshot }>
      >;
    }
  >
>;

/**
 * Every way through the chart that is in no state twice, with one outcome for each transition (by `getSimplePaths`).
 *
 * @param input - the call's ids
 * @returns the outcomes of each, in order
 */
export function simpleWays(input: MachineInput): OutcomeEvent[][] {
  const { events, outcomeOf } = makeOffers();
  const ways = getSimplePaths(forgeSessionResumeMachine, {
    input,
    events: (snapshot) => firstOfEachTransition(snapshot, events(snapshot)),
    // A failure decides how `release` ends, so that it is a state of its own.
    serializeState: (snapshot) => `${stateName(snapshot)} ${snapshot.context.failure !== null}`,
    toState: (snapshot) => snapshot.status === 'done',
  });
  return ways.map(({ steps }) => steps.slice(1).map(({ event }) => outcomeOf(event)));
}

function makeOffers() {
  const all = outcomeEvents();
  const byEvent = new Map(all.map((offer) => [offer.event, offer]));
  return {
    events: (snapshot: AnyMachineSnapshot): AnyEventObject[] => {
      const types = new Set(getNextTransitions(snapshot).map(({ eventType }) => String(eventType)));
      return all
        .filter(({ outcome, event }) => types.has(event.type) && canFollow(snapshot.context, outcome))
        .map(({ event }) => event)
        .filter((event) => transitionTaken(snapshot, event) !== undefined);
    },
    outcomeOf: (event: AnyEventObject): OutcomeEvent => {
      const offer = byEvent.get(event);
      if (offer === undefined) throw new Error(`${event.type} is not in the alphabet`);
      return offer;
    },
  };
}

function firstOfEachTransition(snapshot: AnyMachineSnapshot, events: readonly AnyEventObject[]): AnyEventObject[] {
  const seen = new Set<string | undefined>();
  return events.filter((event) => {
    const taken = transitionTaken(snapshot, event);
    return !seen.has(taken) && seen.add(taken);
  });
}

function situation(snapshot: AnyMachineSnapshot): string {
  const { context } = snapshot;
  const facts = {
    regained: context.regained,
    answered: answerStands(context.answer),
    failed: context.failure !== null,
    current: context.current !== null,
    transfer: context.transfer !== null,
    decided: context.reason !== null,
    named: context.owner !== null,
  };
  const holding = Object.entries(facts).filter(([, holds]) => holds);
  return [stateName(snapshot), ...holding.map(([name]) => name)].join(' ');
}
