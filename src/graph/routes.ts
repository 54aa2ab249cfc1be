import type { OutcomeEvent } from './outcome-events.ts';
import type { Edge, PathGraph } from './path-graph.ts';

/** Finds shortest ways in a graph; of several equally short ones, always the same. */
export interface Routes {
  /** Every edge, in the order in which situations are reached. */
  readonly edges: readonly Edge[];
  /** The shortest way from the start to an end that takes these edges, which must follow each other. */
  readonly through: (...edges: readonly [Edge, ...Edge[]]) => OutcomeEvent[];
}

/**
 * Computes the shortest ways of a graph.
 *
 * @param graph - what `exploreGraph` found
 */
export function findRoutes(graph: PathGraph): Routes {
  const edges = [...graph.edges.values()].flat();
  const arrivals = shortestArrivals(graph);
  const departures = shortestDepartures(graph, edges);
  const follow = (from: string, next: ReadonlyMap<string, Edge>, side: 'from' | 'to'): Edge[] => {
    const way: Edge[] = [];
    for (let edge = next.get(from); edge !== undefined; edge = next.get(edge[side])) way.push(edge);
    return way;
  };
  return {
    edges,
    through: (...middle) => [
      ...follow(middle[0].from, arrivals, 'from').reverse(),
      ...middle,
      ...follow(middle.at(-1)?.to ?? '', departures, 'to'),
    ],
  };
}

/** For each situation the last edge of a shortest way to it. */
function shortestArrivals({ start, edges }: PathGraph): ReadonlyMap<string, Edge> {
  const arrivals = new Map<string, Edge>();
  const open = [start];
  for (const from of open) {
    for (const edge of edges.get(from) ?? []) {
      if (edge.to === start || arrivals.has(edge.to)) continue;
      arrivals.set(edge.to, edge);
      open.push(edge.to);
    }
  }
  return arrivals;
}

/** For each situation the first edge of a shortest way from it to an end. */
function shortestDepartures(graph: PathGraph, edges: readonly Edge[]): ReadonlyMap<string, Edge> {
  const into = groupByTarget(edges);
  const departures = new Map<string, Edge>();
  const open = [...graph.edges].filter(([, ways]) => ways.length === 0).map(([end]) => end);
  const reached = new Set(open);
  for (const to of open) {
    for (const edge of into.get(to) ?? []) {
      if (reached.has(edge.from)) continue;
      reached.add(edge.from);
      departures.set(edge.from, edge);
      open.push(edge.from);
    }
  }
  return departures;
}

function groupByTarget(edges: readonly Edge[]): ReadonlyMap<string, readonly Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const edge of edges) groups.set(edge.to, [...(groups.get(edge.to) ?? []), edge]);
  return groups;
}
