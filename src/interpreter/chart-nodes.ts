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
  initial: ChartNode | undefined;
  onDone: readonly Way[];
  onError: readonly Way[];
  after: readonly { readonly delay: string; readonly ways: readonly Way[] }[];
}

/**
 * Reads a chart's configuration.
 *
 * @param config - as `createMachine` was given it
 * @returns the root, with every target found
 * @throws Error where a target names no state
 */
export function readNodes(config: ChartConfig): ChartNode {
  const byId = new Map<string, ChartNode>();
  const byName = new Map<string, ChartNode>();

  const addStates = (state: StateConfig, name: string, parent: ChartNode | undefined): ChartNode => {
    const { type, entry, invoke, id, states = {} } = state;
    const node: ChartNode = {
      name,
      parent,
      isFinal: type === 'final',
      entry: listed(entry),
      invoke,
      initial: undefined,
      onDone: [],
      onError: [],
      after: [],
    };
    byName.set(name, node);
    if (id !== undefined) byId.set(id, node);
    for (const key of Object.keys(states)) addStates(states[key] ?? {}, nameWithin(node, key), node);
    return node;
  };

  const find = (from: ChartNode, target: string): ChartNode => {
    const [, id = '', path] = /^#([^.]+)(?:\.(.+))?$/.exec(target) ?? [];
    const base = byId.get(id);
    const name = base === undefined ? nameWithin(from.parent, target) : nameWithin(base, path);
    const found = byName.get(name);
    if (found === undefined) throw new Error(`${from.name}: there is no state ${target}`);
    return found;
  };

  const waysOf = (from: ChartNode, ways: TransitionsConfig | undefined): Way[] =>
    listed(ways).map((way: string | TransitionConfig) => {
      const { target: to, guard, actions } = typeof way === 'string' ? { target: way } : way;
      const target = find(from, to);
      return { guard, actions: listed(actions), target, domain: domainOf(from, target) };
    });

  const addWays = (state: StateConfig, node: ChartNode): void => {
    const { initial, invoke, after = {}, states = {} } = state;
    if (initial !== undefined) node.initial = byName.get(nameWithin(node, initial));
    node.onDone = waysOf(node, invoke?.onDone);
    node.onError = waysOf(node, invoke?.onError);
    node.after = Object.keys(after).map((delay) => ({ delay, ways: waysOf(node, after[delay]) }));
    for (const key of Object.keys(states)) {
      const inner = byName.get(nameWithin(node, key));
      if (inner !== undefined) addWays(states[key] ?? {}, inner);
    }
  };

  const root = addStates(config, '', undefined);
  addWays(config, root);
  return root;
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

function nameWithin(node: ChartNode | undefined, key: string | undefined): string {
  const outer = node?.name ?? '';
  return outer === '' ? (key ?? '') : key === undefined ? outer : `${outer}.${key}`;
}

function listed<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
