import type { Point } from '../layout/geometry.ts';
import { round } from './elements.ts';

/** Radius of a bend, pixels. */
const bend = 6;

/**
 * The course of a line, its bends rounded.
 *
 * @param points - from its beginning to its end
 * @returns as the attribute `d` of a path
 */
export function course(points: readonly Point[]): string {
  const parts = points.map((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (before === undefined) return `M${write(point)}`;
    if (after === undefined) return `L${write(point)}`;
    const radius = Math.min(bend, distance(before, point) / 2, distance(point, after) / 2);
    return `L${write(towards(point, before, radius))}Q${write(point)} ${write(towards(point, after, radius))}`;
  });
  return parts.join('');
}

const write = ([x, y]: Point): string => `${round(x)} ${round(y)}`;

const distance = ([x, y]: Point, [left, top]: Point): number => Math.hypot(left - x, top - y);

function towards(from: Point, to: Point, by: number): Point {
  const whole = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) * by) / whole, from[1] + ((to[1] - from[1]) * by) / whole];
}
