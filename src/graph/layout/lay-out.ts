import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import { type Box, readBoxes } from './boxes.ts';
import type { StateDefinition } from './definition.ts';
import { elkGraph, type Line, lineId, linesOf } from './elk-graph.ts';
import type { Geometry, GeometryEdge, GeometryState, Point } from './geometry.ts';
import { metrics } from './metrics.ts';
import { textLeft } from './text-left.ts';

/** Gives the parts of a graph their places. */
export type Elk = (graph: ElkNode) => Promise<ElkNode>;

/** What {@link layOut} is to draw. */
export interface LayOutOptions {
  /** Whether transitions that an actor's error makes happen get lines; their rows are there in any case. */
  readonly failures: boolean;
  /** Default: elkjs, in this thread. */
  readonly elk?: Elk | undefined;
}

const elkHere: Elk = async (graph) => {
  const { default: elk } = await import('elkjs');
  return await new elk.default().layout(graph);
};

/**
 * Lays a machine's chart out, with elkjs: takes some tenths of a second for thirty states.
 *
 * @param definition - any machine's definition, as `definitionOf` gives it or a recording holds it
 * @param options - what gets a line
 * @returns places and sizes in pixels
 * @throws Error where elkjs is not installed or cannot lay the chart out
 */
export async function layOut(
  definition: StateDefinition,
  { failures, elk = elkHere }: LayOutOptions,
): Promise<Omit<Geometry, 'chart'>> {
  const boxes = readBoxes(definition);
  const lines = linesOf(boxes, failures);
  const gutters = new Set<string>();
  for (;;) {
    const laidOut = await elk(elkGraph(boxes, lines, gutters));
    const places = placesOf(laidOut);
    const points = new Map(lines.map((line) => [line.id, pointsOf(line, laidOut.edges ?? [], places)]));
    const states = boxes.map((box) => placed(box, places, points));
    const cramped = states.filter(({ id, textLeft: left }) => left === undefined && !gutters.has(id));
    for (const { id } of cramped) gutters.add(id);
    if (cramped.length > 0) continue;
    const written = states.map((state) => ({ ...state, textLeft: state.textLeft ?? state.x + metrics.inset }));
    return { ...extent(states, points), states: written, edges: boxes.flatMap((box) => edgesOf(box, points)) };
  }
}

/** A state with a place; what is written in it may find none. */
type Placed = Omit<GeometryState, 'textLeft'> & { readonly textLeft: number | undefined };

type Places = ReadonlyMap<string, Required<Pick<ElkNode, 'x' | 'y' | 'width' | 'height'>>>;

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

/** ELK leaves room where something was before it moved things together. */
function extent(states: readonly Placed[], lines: Lines): Pick<Geometry, 'width' | 'height'> {
  const corners = states.map(({ x, y, width, height }): Point => [x + width, y + height]);
  const points = [...corners, ...[...lines.values()].flat()];
  const edge = (side: 0 | 1): number => round(Math.max(0, ...points.map((point) => point[side])) + metrics.margin);
  return { width: edge(0), height: edge(1) };
}

/** ELK's places are relative to the parent. */
function placesOf(root: ElkNode): Places {
  const places = new Map();
  const place = ({ id, x = 0, y = 0, width, height, children = [] }: ElkNode, left: number, top: number): void => {
    places.set(id, { x: left + x, y: top + y, width, height });
    for (const child of children) place(child, left + x, top + y);
  };
  place(root, 0, 0);
  return places;
}

type Lines = ReadonlyMap<string, readonly Point[]>;

function placed(box: Box, places: Places, lines: Lines): Placed {
  const { id, parent, label, type, initial, invokes, note, rows, firstRow } = box;
  const { x = 0, y = 0, width = 0, height = 0 } = places.get(id) ?? {};
  const holds = height > box.height;
  const place = { x, y, width, writtenWidth: box.width, writtenHeight: box.height };
  const left = textLeft(place, holds ? lines.values() : []);
  return {
    ...{ id, parent, label, type, initial, invokes, note },
    ...{ x: round(x), y: round(y), width: round(width), height: round(height) },
    textLeft: left === undefined ? left : round(left),
    rows: rows.map(({ targets, ...row }, index) => ({
      ...row,
      target: targets[0] ?? null,
      y: round(y + firstRow + index * metrics.row),
    })),
  };
}

function pointsOf({ id, reversed }: Line, edges: readonly ElkExtendedEdge[], places: Places): readonly Point[] {
  const edge = edges.find((one) => one.id === id);
  const { x = 0, y = 0 } = places.get(edge?.container ?? '') ?? {};
  const points = (edge?.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].map((point): Point => [round(x + point.x), round(y + point.y)]),
  );
  return reversed ? points.toReversed() : points;
}

const edgesOf = ({ id, rows }: Box, points: Lines): GeometryEdge[] =>
  rows.flatMap(({ targets, event, guard, failure }, row) =>
    targets.flatMap((target) => {
      const line = points.get(lineId(id, target, failure));
      return line === undefined ? [] : [{ source: id, row, target, event, guard, failure, points: line }];
    }),
  );
