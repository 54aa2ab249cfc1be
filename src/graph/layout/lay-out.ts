import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import { type Box, readBoxes } from './boxes.ts';
import type { StateDefinition } from './definition.ts';
import { elkGraph, type Line, lineId, linesOf } from './elk-graph.ts';
import type { Geometry, GeometryEdge, GeometryState, Point } from './geometry.ts';
import { metrics } from './metrics.ts';

/** What {@link layOut} is to draw. */
export interface LayOutOptions {
  /** Whether transitions that an actor's error makes happen get lines; their rows are there in any case. */
  readonly failures: boolean;
}

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
  { failures }: LayOutOptions,
): Promise<Omit<Geometry, 'chart'>> {
  const { default: elk } = await import('elkjs');
  const boxes = readBoxes(definition);
  const lines = linesOf(boxes, failures);
  const laidOut = await new elk.default().layout(elkGraph(boxes, lines));
  const places = placesOf(laidOut);
  const points = new Map(lines.map((line) => [line.id, pointsOf(line, laidOut.edges ?? [], places)]));
  return {
    width: round(laidOut.width ?? 0),
    height: round(laidOut.height ?? 0),
    states: boxes.map((box) => placed(box, places)),
    edges: boxes.flatMap((box) => edgesOf(box, points)),
  };
}

type Places = ReadonlyMap<string, Required<Pick<ElkNode, 'x' | 'y' | 'width' | 'height'>>>;

const round = (pixels: number): number => Math.round(pixels * 10) / 10;

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

function placed(
  { id, parent, label, type, initial, invokes, note, rows, firstRow }: Box,
  places: Places,
): GeometryState {
  const { x = 0, y = 0, width = 0, height = 0 } = places.get(id) ?? {};
  return {
    ...{ id, parent, label, type, initial, invokes, note },
    ...{ x: round(x), y: round(y), width: round(width), height: round(height) },
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

const edgesOf = ({ id, rows }: Box, points: ReadonlyMap<string, readonly Point[]>): GeometryEdge[] =>
  rows.flatMap(({ targets, event, guard, failure }, row) =>
    targets.flatMap((target) => {
      const line = points.get(lineId(id, target, failure));
      return line === undefined ? [] : [{ source: id, row, target, event, guard, failure, points: line }];
    }),
  );
