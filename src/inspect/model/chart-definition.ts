import { readBoxes } from '../../graph/layout/boxes.ts';
import type { ChartGeometry } from '../../graph/layout/chart-geometry.ts';
import type { StateDefinition } from '../../graph/layout/definition.ts';
import type { RecordedState } from '../recording/format.ts';

/**
 * A recorded chart as a machine's definition, so that it is drawn as ours is.
 *
 * @param states - as `readRecording` lets them through
 */
export function definitionOfChart(states: readonly RecordedState[]): StateDefinition {
  const heldBy = (parent: string): Record<string, StateDefinition> =>
    Object.fromEntries(
      states.filter(({ name }) => parentOf(name) === parent).map((state) => [state.name, define(state)]),
    );
  const define = ({ name, type, invokes = [], transitions = [] }: RecordedState): StateDefinition => ({
    id: name,
    key: name.slice(name.lastIndexOf('.') + 1),
    type: type ?? 'atomic',
    initial: { target: firstOf(name) },
    invoke: invokes.map((id) => ({ id })),
    transitions: transitions.map(({ event, guard, target }) => ({
      eventType: event,
      ...(guard === undefined ? {} : { guard }),
      ...(target === undefined ? {} : { target: [`#${target}`] }),
    })),
    states: heldBy(name),
  });
  const firstOf = (parent: string): string[] =>
    states.filter(({ name, initial }) => initial && parentOf(name) === parent).map(({ name }) => `#${name}`);
  return { id: '', key: '', type: 'compound', initial: { target: firstOf('') }, states: heldBy('') };
}

const parentOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/**
 * A recorded chart without places: enough for a list.
 *
 * @param chart - its hash
 * @param states - as `readRecording` lets them through
 */
export function unplacedChart(chart: string, states: readonly RecordedState[]): ChartGeometry {
  const nowhere = { x: 0, y: 0, width: 0, height: 0, textLeft: 0 };
  const boxes = readBoxes(definitionOfChart(states)).map((box) => ({
    ...box,
    ...nowhere,
    rows: box.rows.map(({ targets, ...row }) => ({ ...row, target: targets[0] ?? null, y: 0 })),
  }));
  const geometry = { chart, width: 0, height: 0, states: boxes, edges: [] };
  return { all: geometry, withoutFailures: geometry };
}
