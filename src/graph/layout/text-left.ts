import type { Point } from './geometry.ts';
import { metrics } from './metrics.ts';

/** Where something is written: its box's place, and how much room it takes, insets included. */
export interface WritingPlace {
  readonly x: number;
  readonly y: number;
  /** Of the box. */
  readonly width: number;
  readonly writtenWidth: number;
  readonly writtenHeight: number;
}

/** From a line to a letter, pixels. */
const gap = 8;

/**
 * Where the writing in a box begins, so that no line goes over it: a line to a state inside comes in through the part of
 * the box in which its name stands, and ELK knows nothing of that.
 *
 * @param place - where it is written
 * @param lines - the points of every line
 * @returns the left border, as far left as can be; undefined where there is no room
 */
export function textLeft(place: WritingPlace, lines: Iterable<readonly Point[]>): number | undefined {
  const start = place.x + metrics.inset;
  const room = place.writtenWidth - 2 * metrics.inset;
  const passing = [...lines].flatMap((points) => passesAt(points, place));
  const isFree = (left: number): boolean =>
    left + room <= place.x + place.width - metrics.inset &&
    passing.every((x) => x < left - gap / 2 || x > left + room + gap / 2);
  const tries = [start, ...passing.map((x) => x + gap).filter((x) => x > start)].sort((a, b) => a - b);
  return tries.find(isFree);
}

/** Where an upright part of a line passes the writing's height within the box. */
const passesAt = (points: readonly Point[], { x, y, width, writtenHeight }: WritingPlace): number[] =>
  points.slice(1).flatMap(([right, bottom], index) => {
    const [left = right, top = bottom] = points[index] ?? [];
    const passes =
      left === right &&
      left > x &&
      left < x + width &&
      Math.min(top, bottom) < y + writtenHeight &&
      Math.max(top, bottom) > y;
    return passes ? [left] : [];
  });
