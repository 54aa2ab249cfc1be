import type { RecordedState, RecordedTransition } from './format.ts';

/** Largest chart that is read: laying one out takes time that grows faster than it does. */
export const chartLimits = { states: 200, transitions: 1_000, name: 200 } as const;

type Fields = Readonly<Record<string, unknown>>;
const types: readonly unknown[] = [undefined, 'compound', 'parallel', 'final', 'history'];

/**
 * Whether a value is a chart that can be drawn: small, each state once and behind what holds it, each transition to a
 * state that is there.
 *
 * @param value - what a recording holds, which anybody may have written
 */
export function isChart(value: unknown): value is readonly RecordedState[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > chartLimits.states) return false;
  if (!value.every(isState)) return false;
  const states: readonly RecordedState[] = value;
  const seen = new Set<string>();
  for (const { name } of states) {
    const parent = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    if (seen.has(name) || (parent !== '' && !seen.has(parent))) return false;
    seen.add(name);
  }
  const transitions = states.flatMap((state) => state.transitions ?? []);
  return (
    transitions.length <= chartLimits.transitions &&
    transitions.every(({ target }) => target === undefined || seen.has(target))
  );
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isShort = (value: unknown): value is string => typeof value === 'string' && value.length <= chartLimits.name;
const isName = (value: unknown): boolean => isShort(value) && value.split('.').every((part) => part !== '');
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  value === undefined || (Array.isArray(value) && value.length <= chartLimits.transitions && value.every(isItem));

const isState = (value: unknown): value is RecordedState =>
  isObject(value) &&
  isName(value['name']) &&
  types.includes(value['type']) &&
  isListOf(value['invokes'], isShort) &&
  isListOf(value['transitions'], isTransition);

const isTransition = (value: unknown): value is RecordedTransition =>
  isObject(value) &&
  isShort(value['event']) &&
  (value['guard'] === undefined || isShort(value['guard'])) &&
  (value['target'] === undefined || isShort(value['target']));
