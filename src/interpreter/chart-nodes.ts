import type { ChartConfig, InvokeConfig, StateConfig, TransitionConfig, TransitionsConfig } from './chart-config.ts';

/** One way on. */
export interface Way {
  readonly guard: string | undefined;
  readonly actions: readonly string[];
  /** The innermost state that is not left. */
  readonly domain: ChartNode;
  readonly target: ChartNode;
}

/** A state with its ways on. */
export interface ChartNode {
  /** Dotted path from the root, such as `locked.transfer.prepare`; empty for the root. */
  readonly name: string;
  readonly parent: ChartNode | undefined;
  readonly isFinal: boolean;
  readonly entry: readonly string[];
  readonly invoke: InvokeConfig | undefined;
  /** What is entered with this state; undefined where it has no inner ones. */
  readonly initial: () => ChartNode | undefined;
  readonly onDone: () => readonly Way[];
  readonly onError: () => readonly Way[];
  readonly after: readonly { readonly delay: string; readonly ways: () => readonly Way[] }[];
}

/**
 * Reads a chart's configuration. Ways are found when they are asked for, since a process often makes one call, which
 * passes few states.
 *
 * @param config - as `createMachine` was given it
 * @returns every state, the root first
 */
export function readNodes(config: ChartConfig): readonly [ChartNode, ...ChartNode[]] {
  const byId = new Map<string, ChartNode>();
  const byName = new Map<string, ChartNode>();

  const add = (state: StateConfig, name: string, parent: ChartNode | undefined): ChartNode => {
    const { type, entry, invoke, id, initial, after = {}, states = {} } = state;
    const node: ChartNode = {
      name,
      parent,
      isFinal: type === 'final',
      entry: listed(entry),
      invoke,
      initial: () => (initial === undefined ? undefined : byName.get(nameWithin(node, initial))),
      onDone: once(() => waysOf(node, invoke?.onDone)),
      onError: once(() => waysOf(node, invoke?.onError)),
      after: Object.keys(after).map((delay) => ({ delay, ways: once(() => waysOf(node, after[delay])) })),
    };
    byName.set(name, node);
    if (id !== undefined) byId.set(id, node);
    for (const key of Object.keys(states)) add(states[key] ?? {}, nameWithin(node, key), node);
    return node;
  };

  /** Finds `id`, or `id.path` of a state inside it. */
  const findById = (words: string): ChartNode | undefined => {
    const dot = words.indexOf('.');
    if (dot === -1) return byId.get(words);
    const outer = byId.get(words.slice(0, dot));
    return outer === undefined ? undefined : byName.get(nameWithin(outer, words.slice(dot + 1)));
  };

  const find = (from: ChartNode, target: string): ChartNode => {
    const found = target.startsWith('#') ? findById(target.slice(1)) : byName.get(nameWithin(from.parent, target));
    if (found === undefined) throw new Error(`${from.name}: there is no state ${target}`);
    return found;
  };

  const waysOf = (from: ChartNode, ways: TransitionsConfig | undefined): Way[] =>
    listed(ways).map((way: string | TransitionConfig) => {
      const { target: to, guard, actions } = typeof way === 'string' ? { target: way } : way;
      const target = find(from, to);
      return { guard, actions: listed(actions), target, domain: domainOf(from, target) };
    });

  const root = add(config, '', undefined);
  return [root, ...[...byName.values()].slice(1)];
}

/** A state's own line of states, outermost first, itself last. */
export function lineOf(node: ChartNode): ChartNode[] {
  return node.parent === undefined ? [node] : [...lineOf(node.parent), node];
}

/** A way to itself or into its own inside leaves a state no further; any other leaves all up to what both are in. */
function domainOf(from: ChartNode, target: ChartNode): ChartNode {
  const there = new Set(lineOf(target));
  if (there.has(from)) return from;
  there.delete(target);
  let domain = from;
  while (domain.parent !== undefined && !there.has(domain)) domain = domain.parent;
  return domain;
}

function nameWithin(node: ChartNode | undefined, key: string): string {
  const outer = node?.name ?? '';
  return outer === '' ? key : `${outer}.${key}`;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function listed<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
