import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import type { ForgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';

/** A state of a chart. Names are dotted paths from the root, such as `locked.transfer.prepare`. */
export interface ChartState {
  readonly name: string;
  /** The state that this one is in; empty at the top. */
  readonly parent: string;
  readonly kind: 'atomic' | 'compound' | 'final';
  /** Name of the state that is entered first; empty unless compound. */
  readonly initial: string;
  /** Ids of the actors that run while the state is active. */
  readonly invokes: readonly string[];
  readonly entry: readonly string[];
}

/** What makes a transition happen: an actor's answer, its error, or a delay. */
export interface Trigger {
  readonly kind: 'done' | 'error' | 'after';
  /** Id of the actor, or name of the delay. */
  readonly of: string;
}

/** One transition of a chart. */
export interface ChartTransition {
  /** Unique and readable, such as `locked.readCurrent: readCurrent done [currentRunActive]`. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly on: Trigger;
  /** Name of the guard; empty where there is none. */
  readonly guard: string;
  /** Guards of the transitions that are tried before this one, in order; all of them were false when it is taken. */
  readonly after: readonly string[];
  readonly actions: readonly string[];
}

/** A statechart as plain data, in document order. */
export interface Chart {
  readonly id: string;
  readonly initial: string;
  readonly states: readonly ChartState[];
  readonly transitions: readonly ChartTransition[];
}

/**
 * Reads a machine's chart.
 *
 * @param machine - the machine, with or without its actors
 * @returns states and transitions, in document order
 */
export function readChart(machine: ForgeSessionResumeMachine): Chart {
  const root: AnyStateNode = machine.root;
  const nodes = Object.values<AnyStateNode>(root.states).flatMap(withDescendants);
  return {
    id: machine.id,
    initial: nameOf(initialOf(root)),
    states: nodes.map(readState),
    transitions: nodes.flatMap((node) => [...node.transitions.values()].flatMap(readTransitions)),
  };
}

/**
 * The id of a transition as {@link readChart} names it.
 *
 * @param transition - as XState's `getTransitionData` gives it
 */
export function transitionId({ source, eventType, guard }: AnyTransitionDefinition): string {
  const on = readTrigger(String(eventType));
  return `${nameOf(source)}: ${on.of} ${on.kind}${guard === undefined ? '' : ` [${nameOfPart(guard)}]`}`;
}

/** The dotted name of a state node. */
export const nameOf = (node: { readonly path: readonly string[] } | undefined): string => node?.path.join('.') ?? '';

const withDescendants = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values<AnyStateNode>(node.states).flatMap(withDescendants),
];

const initialOf = (node: AnyStateNode): AnyStateNode | undefined =>
  node.type === 'compound' ? node.initial.target[0] : undefined;

function readState(node: AnyStateNode): ChartState {
  return {
    name: nameOf(node),
    parent: nameOf(node.parent),
    kind: node.type === 'final' || node.type === 'compound' ? node.type : 'atomic',
    initial: nameOf(initialOf(node)),
    invokes: node.invoke.map(({ id }) => id),
    entry: node.entry.map(nameOfPart).filter((name) => name !== ''),
  };
}

function readTransitions(group: readonly AnyTransitionDefinition[]): ChartTransition[] {
  return group.map((transition, index) => ({
    id: transitionId(transition),
    from: nameOf(transition.source),
    to: nameOf(transition.target?.[0] ?? transition.source),
    on: readTrigger(String(transition.eventType)),
    guard: nameOfPart(transition.guard),
    after: group.slice(0, index).map(({ guard }) => nameOfPart(guard)),
    actions: transition.actions.map(nameOfPart),
  }));
}

function readTrigger(eventType: string): Trigger {
  const [, kind = '', ...rest] = eventType.split('.');
  if (kind === 'after') return { kind, of: rest[0] ?? '' };
  if (kind === 'done' || kind === 'error') return { kind, of: rest.slice(1).join('.') };
  throw new Error(`${eventType} is neither an actor's answer nor a delay`);
}

/** The name of a guard or action; what XState adds by itself, to start delays, has none. */
export const nameOfPart = (part: unknown): string => {
  if (typeof part === 'string') return part;
  const type = typeof part === 'object' && part !== null ? (part as { type?: unknown }).type : undefined;
  return typeof type === 'string' ? type : '';
};
