import type { AnyStateMachine, AnyStateNode } from 'xstate';

interface Named {
  readonly type?: unknown;
}

/** A transition in a machine's definition, as XState writes it into JSON. */
export interface TransitionDefinition {
  readonly eventType: string;
  readonly delay?: unknown;
  readonly guard?: string | Named;
  /** Ids, with a number sign before each. */
  readonly target?: readonly string[];
  readonly actions?: readonly (string | Named)[];
}

/** A state in a machine's definition, or the machine itself, as XState writes it into JSON. */
export interface StateDefinition {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly initial?: { readonly target?: readonly string[] } | undefined;
  readonly states?: Readonly<Record<string, StateDefinition>>;
  readonly transitions?: readonly TransitionDefinition[];
  readonly invoke?: readonly { readonly id: string }[];
}

/**
 * A machine's definition as plain data: XState's `machine.definition` in JSON, and its eventless transitions, which that
 * leaves out.
 *
 * @param machine - any machine of XState 5
 */
export function definitionOf(machine: AnyStateMachine): StateDefinition {
  return withEventless(asData(machine.definition), machine.root);
}

/** JSON has no functions; without its guard a transition would seem to be taken always. */
const asData = <Part>(part: Part) =>
  JSON.parse(
    JSON.stringify(part, (key, value) =>
      key === 'guard' && typeof value === 'function' ? { type: value.name || 'inline' } : value,
    ),
  );

const withEventless = (definition: StateDefinition, node: AnyStateNode): StateDefinition => ({
  ...definition,
  transitions: [...asData(node.always ?? []), ...(definition.transitions ?? [])],
  states: Object.fromEntries(
    Object.entries(definition.states ?? {}).map(([key, inner]) => [
      key,
      withEventless(inner, node.states[key] as AnyStateNode),
    ]),
  ),
});

/** The name of a guard or an action; empty where it has none. */
export const nameOf = (part: string | Named | undefined): string =>
  typeof part === 'string' ? part : typeof part?.type === 'string' ? part.type : '';
