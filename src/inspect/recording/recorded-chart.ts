import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { nameOf, nameOfPart } from '../../graph/chart.ts';
import type { RecordedState, RecordedTransition } from './format.ts';

const known = new WeakMap<AnyStateMachine, string>();

/**
 * A machine's states as recordings hold them, so that other versions of this package can draw a chart that is not theirs.
 *
 * @param machine - the machine; it is read once
 * @returns the JSON of a list of `RecordedState`
 */
export function statesJson(machine: AnyStateMachine): string {
  const json = known.get(machine) ?? JSON.stringify(descendantsOf(machine.root).map(recorded));
  known.set(machine, json);
  return json;
}

const descendantsOf = (node: AnyStateNode): AnyStateNode[] =>
  Object.values<AnyStateNode>(node.states).flatMap((inner) => [inner, ...descendantsOf(inner)]);

function recorded(node: AnyStateNode): RecordedState {
  const invokes = node.invoke.map(({ id }) => id);
  const transitions = [...node.transitions.values()].flat().map(recordedTransition);
  const first: unknown = node.parent?.config.initial;
  return {
    name: nameOf(node),
    ...(node.type === 'atomic' ? {} : { type: node.type }),
    ...(first === node.key ? { initial: true } : {}),
    ...(invokes.length === 0 ? {} : { invokes }),
    ...(transitions.length === 0 ? {} : { transitions }),
  };
}

function recordedTransition({ eventType, guard, target }: AnyTransitionDefinition): RecordedTransition {
  const name = nameOfPart(guard);
  return {
    event: String(eventType),
    ...(name === '' ? {} : { guard: name }),
    ...(target?.[0] === undefined ? {} : { target: nameOf(target[0]) }),
  };
}
