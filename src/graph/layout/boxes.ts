import { nameOf, type StateDefinition, type TransitionDefinition } from './definition.ts';
import type { GeometryRow, GeometryState } from './geometry.ts';
import { metrics, textWidth } from './metrics.ts';
import { rowText } from './row-text.ts';

/** A row before it has a place, with all of its targets. */
export interface BoxRow extends Omit<GeometryRow, 'y' | 'target'> {
  readonly targets: readonly string[];
}

/** A state before it has a place, and how much room what is written in it takes. */
export interface Box extends Pick<GeometryState, 'id' | 'parent' | 'label' | 'type' | 'initial' | 'invokes' | 'note'> {
  readonly rows: readonly BoxRow[];
  /** Width of what is written, insets included. */
  readonly width: number;
  /** Height of what is written; the states that a box holds come below it. */
  readonly height: number;
  /** Where the first row begins. */
  readonly firstRow: number;
}

/**
 * Reads the states of a definition.
 *
 * @param definition - the machine's
 * @returns in document order, a parent before what it holds
 */
export function readBoxes(definition: StateDefinition): readonly Box[] {
  const places = [...walk(definition)];
  const pathOf = new Map(places.map(({ state, path }) => [state.id, path.join('.')]));
  const keys = places.map(({ state }) => state.key);
  const targetText = (from: readonly string[], id: string): string => {
    const path = pathOf.get(id)?.split('.') ?? [id];
    const [key = ''] = path.slice(-1);
    const beside = path.slice(0, -1).join('.') === from.slice(0, -1).join('.');
    return beside || keys.filter((other) => other === key).length === 1 ? key : path.slice(-2).join('.');
  };
  return places.slice(1).map(({ state, path, parent }) => {
    const readRow = (transition: TransitionDefinition): BoxRow => {
      const ids = (transition.target ?? []).map((target) => target.replace(/^#/, ''));
      return {
        event: transition.eventType,
        text: rowText(state, transition),
        guard: nameOf(transition.guard) || null,
        targets: ids.map((id) => pathOf.get(id) ?? '').filter((name) => name !== ''),
        targetText: ids.map((id) => targetText(path, id)).join(', '),
        failure: transition.eventType.startsWith('xstate.error.'),
        actions: (transition.actions ?? []).map(nameOf).filter((name) => name !== ''),
      };
    };
    const invokes = (state.invoke ?? []).map(({ id }) => id);
    return measured({
      id: path.join('.'),
      parent: path.slice(0, -1).join('.') || null,
      label: state.key,
      type: state.type as Box['type'],
      initial: parent?.initial?.target?.includes(`#${state.id}`) ?? false,
      invokes,
      note: invokes.every((id) => id === state.key) ? '' : `runs ${invokes.join(', ')}`,
      rows: (state.transitions ?? []).map(readRow),
    });
  });
}

interface Place {
  readonly state: StateDefinition;
  readonly path: readonly string[];
  readonly parent?: StateDefinition;
}

function* walk(state: StateDefinition, path: readonly string[] = [], parent?: StateDefinition): Generator<Place> {
  yield parent === undefined ? { state, path } : { state, path, parent };
  for (const inner of Object.values(state.states ?? {})) yield* walk(inner, [...path, inner.key], state);
}

function measured(box: Omit<Box, 'width' | 'height' | 'firstRow'>): Box {
  const { inset, mark, label, note, text, arrow, header, noteLine, row, bottom } = metrics;
  const rowWidth = ({ text: event, targetText }: BoxRow): number =>
    textWidth(event, text) + (targetText === '' ? 0 : arrow + textWidth(targetText, text));
  const written = [
    textWidth(box.label, label) + (box.initial ? mark : 0),
    textWidth(box.note, note),
    ...box.rows.map(rowWidth),
  ];
  const firstRow = header + (box.note === '' ? 0 : noteLine);
  return {
    ...box,
    width: Math.ceil(Math.max(...written) + 2 * inset),
    height: firstRow + (box.rows.length === 0 ? 0 : box.rows.length * row + bottom),
    firstRow,
  };
}
