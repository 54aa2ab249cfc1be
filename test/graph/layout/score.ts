import type { Geometry, GeometryEdge, GeometryState } from '../../../src/graph/layout/geometry.ts';
import { metrics, textWidth } from '../../../src/graph/layout/metrics.ts';
import { type Area, areaOf, cross, isStacked, isWithin, onBorder, overlap, stretchesOf, touches } from './areas.ts';

/** What is wrong with a picture, and how large and how tangled it is. */
export interface Score {
  /** Each a sentence; empty where the picture is sound. */
  readonly faults: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly lines: number;
  readonly bends: number;
  readonly crossings: number;
}

/**
 * Judges a picture by what it is made of: boxes and texts apart or one within the other, texts within their boxes, lines
 * from border to border, over no text and through no box that they have nothing to do with.
 *
 * @param geometry - the picture
 */
export function score(geometry: Omit<Geometry, 'chart'>): Score {
  const { states, width, height } = geometry;
  const byId = new Map(states.map((state) => [state.id, state]));
  const lines = linesOf(geometry.edges);
  const faults = [
    ...states.flatMap((state) =>
      boxFaults(state, byId.get(state.parent ?? ''), { left: 0, top: 0, right: width, bottom: height }),
    ),
    ...pairs(states).flatMap(([a, b]) => overlapFaults(a, b)),
    ...lines.flatMap((line) => lineFaults(line, states)),
    ...pairs(lines).flatMap(([a, b]) => stackedFaults(a, b)),
  ];
  const crossings = pairs(lines).reduce((sum, [a, b]) => sum + crossingsOf(a, b), 0);
  const bends = lines.reduce((sum, { points }) => sum + Math.max(0, points.length - 2), 0);
  return { faults, width, height, lines: lines.length, bends, crossings };
}

const pairs = <Item>(items: readonly Item[]): (readonly [Item, Item])[] =>
  items.flatMap((one, index) => items.slice(index + 1).map((other) => [one, other] as const));

interface Line extends GeometryEdge {
  readonly stretches: readonly Area[];
}

/** Rows that lead to the same state share a line. */
function linesOf(edges: readonly GeometryEdge[]): Line[] {
  const lines = new Map(edges.map((edge) => [`${edge.source} ${edge.target} ${edge.failure}`, edge]));
  return [...lines.values()].map((edge) => ({ ...edge, stretches: stretchesOf(edge) }));
}

const isInside = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`);

/** What is written in a box, each with the room that it takes. */
function textsOf({ textLeft: left, y, label, note, initial, rows }: GeometryState): { text: string; area: Area }[] {
  const at = (text: string, top: number, bottom: number, room: number) => ({
    text,
    area: { left, top, right: left + room, bottom },
  });
  return [
    at(label, y + 5, y + metrics.header - 5, textWidth(label, metrics.label) + (initial ? metrics.mark : 0)),
    ...(note === '' ? [] : [at(note, y + 26, y + metrics.header + 10, textWidth(note, metrics.note))]),
    ...rows.map(({ text, targetText, y: top }) => {
      const after = targetText === '' ? 0 : metrics.arrow + textWidth(targetText, metrics.text);
      return at(text, top + 1, top + metrics.row - 1, textWidth(text, metrics.text) + after);
    }),
  ];
}

function boxFaults(state: GeometryState, parent: GeometryState | undefined, picture: Area): string[] {
  const area = areaOf(state);
  const texts = textsOf(state);
  const outside = texts.filter((one) => !isWithin({ ...one.area, right: one.area.right + metrics.inset }, area));
  const written = pairs(texts).filter(([a, b]) => overlap(a.area, b.area));
  const struck = parent === undefined ? [] : textsOf(parent).filter((one) => overlap(one.area, area));
  const places = [area.left, area.top, area.right, area.bottom, ...state.rows.map(({ y }) => y)];
  return [
    ...(places.every(Number.isFinite) && state.width > 0 && state.height > 0 ? [] : [`${state.id} has no place`]),
    ...(isWithin(area, picture) ? [] : [`${state.id} is outside the picture`]),
    ...(parent === undefined || isWithin(area, areaOf(parent)) ? [] : [`${state.id} is outside ${parent.id}`]),
    ...outside.map(({ text }) => `'${text}' is too long for ${state.id}`),
    ...written.map(([a, b]) => `'${a.text}' and '${b.text}' overlap in ${state.id}`),
    ...struck.map(({ text }) => `${state.id} covers '${text}'`),
  ];
}

const overlapFaults = (a: GeometryState, b: GeometryState): string[] =>
  isInside(a.id, b.id) || isInside(b.id, a.id) || !overlap(areaOf(a), areaOf(b)) ? [] : [`${a.id} overlaps ${b.id}`];

function lineFaults(line: Line, states: readonly GeometryState[]): string[] {
  const name = `the line from ${line.source} to ${line.target}`;
  if (line.stretches.length === 0) return [`${name} is missing`];
  const hits = (area: Area): boolean => line.stretches.some((stretch) => touches(stretch, area));
  const ends = [
    [line.source, line.points[0]],
    [line.target, line.points.at(-1)],
  ] as const;
  const loose = ends.filter(([id, point]) => {
    const state = states.find((one) => one.id === id);
    return state === undefined || point === undefined || !onBorder(point, areaOf(state));
  });
  const strangers = states.filter(({ id }) => !isInside(line.source, id) && !isInside(line.target, id));
  const crossed = strangers.filter((state) => hits(areaOf(state)));
  const struck = states.flatMap((state) => textsOf(state).filter(({ area }) => hits(area)));
  return [
    ...loose.map(([id]) => `${name} does not reach ${id}`),
    ...crossed.map(({ id }) => `${name} goes through ${id}`),
    ...struck.map(({ text }) => `${name} goes over '${text}'`),
  ];
}

function stackedFaults(a: Line, b: Line): string[] {
  const together = a.stretches.some((one) => b.stretches.some((other) => isStacked(one, other)));
  return together ? [`the lines ${a.source} to ${a.target} and ${b.source} to ${b.target} lie on each other`] : [];
}

const crossingsOf = (a: Line, b: Line): number =>
  a.stretches.reduce((sum, one) => sum + b.stretches.filter((other) => cross(one, other)).length, 0);
