import type { AnyStateMachine } from 'xstate';

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
 * A machine's definition as plain data, which is what XState's `machine.definition` is in JSON.
 *
 * @param machine - any machine of XState 5
 */
export function definitionOf(machine: AnyStateMachine): StateDefinition {
  // JSON has no functions; without its guard a transition would seem to be taken always.
  const named = (key: string, value: unknown) =>
    key === 'guard' && typeof value === 'function' ? { type: value.name || 'inline' } : value;
  return JSON.parse(JSON.stringify(machine.definition, named));
}

/** The name of a guard or an action; empty where it has none. */
export const nameOf = (part: string | Named | undefined): string =>
  typeof part === 'string' ? part : typeof part?.type === 'string' ? part.type : '';
