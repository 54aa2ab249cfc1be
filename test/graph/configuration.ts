/** A transition as a machine's configuration has it, written out. */
export interface WrittenTransition {
  readonly target: string;
  readonly guard: string;
  readonly actions: readonly string[];
}

/** A state as a machine's configuration has it, every short form written out. */
export interface WrittenState {
  readonly type: string;
  readonly initial: string;
  readonly invokes: readonly { readonly id: string; readonly src: string }[];
  readonly entry: readonly string[];
  /** By what makes them happen: `onDone`, `onError`, or `after` and the delay. */
  readonly transitions: Readonly<Record<string, readonly WrittenTransition[]>>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a configuration, of XState 5 or as Stately's extractor writes it, which calls guards `cond` and wraps names.
 *
 * @param config - a machine's, or one of its states'
 * @param path - where it stands
 * @returns states by dotted path, the root as an empty one
 */
export function writtenStates(config: unknown, path = ''): Readonly<Record<string, WrittenState>> {
  const { states = {}, ...state } = config as Json & { states?: Json };
  const inner = Object.entries(states).map(([key, one]) => writtenStates(one, path === '' ? key : `${path}.${key}`));
  return Object.assign({ [path]: readState(state) }, ...inner);
}

function readState({ type, initial, invoke, entry, after }: Json): WrittenState {
  const invokes = listOf(invoke) as Json[];
  const delays = Object.entries((after ?? {}) as Json).map(([delay, one]) => [`after ${delay}`, one] as const);
  const answers = invokes.flatMap(({ onDone, onError }) => [
    ['onDone', onDone] as const,
    ['onError', onError] as const,
  ]);
  return {
    type: String(type ?? ''),
    initial: String(initial ?? ''),
    invokes: invokes.map(({ id, src }) => ({ id: String(id), src: String(src) })),
    entry: listOf(entry).map(nameOf),
    transitions: Object.fromEntries([...delays, ...answers].map(([on, one]) => [on, listOf(one).map(readTransition)])),
  };
}

const listOf = (part: unknown): readonly unknown[] => (part === undefined ? [] : Array.isArray(part) ? part : [part]);

function readTransition(transition: unknown): WrittenTransition {
  if (typeof transition === 'string') return { target: transition, guard: '', actions: [] };
  const { target, guard, cond, actions } = transition as Json;
  return { target: String(target), guard: nameOf(guard ?? cond), actions: listOf(actions).map(nameOf) };
}

function nameOf(part: unknown): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return part;
  const { type, action } = part as Json;
  return action === undefined ? String(type) : nameOf(action);
}
