import type { GeometryEdge, GeometryState, Point } from '../../../src/graph/layout/geometry.ts';

/** Places are rounded to a tenth of a pixel. */
const grain = 0.2;

/** A rectangle, in pixels; an upright or level stretch of a line is one without breadth. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The area of a box. */
export const areaOf = ({ x, y, width, height }: GeometryState): Area => ({
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
});

/** Whether one area lies in another. */
export const isWithin = (inner: Area, outer: Area): boolean =>
  inner.left >= outer.left - grain &&
  inner.top >= outer.top - grain &&
  inner.right <= outer.right + grain &&
  inner.bottom <= outer.bottom + grain;

/** Whether two areas share more than a border. */
export const overlap = (a: Area, b: Area): boolean =>
  a.left < b.right - grain && b.left < a.right - grain && a.top < b.bottom - grain && b.top < a.bottom - grain;

/** The straight parts of a line. */
export const stretchesOf = ({ points }: GeometryEdge): Area[] =>
  points.slice(1).map(([x, y], index) => {
    const [left, top] = points[index] ?? [x, y];
    return { left: Math.min(left, x), top: Math.min(top, y), right: Math.max(left, x), bottom: Math.max(top, y) };
  });

/** A stretch has no breadth of its own. */
export const touches = ({ left, top, right, bottom }: Area, area: Area): boolean =>
  overlap({ left: left - 0.5, top: top - 0.5, right: right + 0.5, bottom: bottom + 0.5 }, area);

/** Whether a point is on the border of an area. */
export const onBorder = ([x, y]: Point, { left, top, right, bottom }: Area): boolean =>
  x >= left - grain &&
  x <= right + grain &&
  y >= top - grain &&
  y <= bottom + grain &&
  [x - left, right - x, y - top, bottom - y].some((away) => Math.abs(away) <= 2 * grain);

/** Whether two stretches lie on each other for more than a point. */
export function isStacked(a: Area, b: Area): boolean {
  const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return (across > 1 && Math.abs(down) <= grain) || (down > 1 && Math.abs(across) <= grain);
}

/** All stretches are upright or level. */
export function cross(a: Area, b: Area): boolean {
  const within = (value: number, from: number, to: number): boolean => value > from + grain && value < to - grain;
  const meets = (level: Area, upright: Area): boolean =>
    within(upright.left, level.left, level.right) && within(level.top, upright.top, upright.bottom);
  return meets(a, b) || meets(b, a);
}
