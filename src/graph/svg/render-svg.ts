import type { Geometry, GeometryEdge } from '../layout/geometry.ts';
import { element, escaped } from './elements.ts';
import { course } from './line.ts';
import { drawBox, drawText } from './state.ts';
import { style } from './style.ts';

/** What a picture is called, and what is said of it to those who do not see it. */
export interface SvgOptions {
  readonly title: string;
  readonly description: string;
}

/**
 * Draws a chart as one SVG file: no script, no foreign markup, every text as text.
 *
 * @param geometry - the chart, laid out
 * @param options - its title and description
 * @returns the file, with a final newline
 */
export function renderSvg(geometry: Omit<Geometry, 'chart'>, { title, description }: SvgOptions): string {
  const { width, height, states } = geometry;
  const depth = (id: string | null): number =>
    id === null ? 0 : 1 + depth(states.find((state) => state.id === id)?.parent ?? null);
  const size = { width: Math.ceil(width), height: Math.ceil(height) };
  const lines = [
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(description)}</desc>`,
    `<style>${style}</style>`,
    element('defs', {}, marker('to', 'head') + marker('to-failing', 'failing')),
    element('rect', { class: 'paper', ...size }),
    ...states.map((state) => drawBox(state, depth(state.parent))),
    ...uniqueLines(geometry.edges).map(drawLine),
    ...states.map(drawText),
  ];
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    ...size,
    viewBox: `0 0 ${size.width} ${size.height}`,
    role: 'img',
    'aria-labelledby': 'title desc',
  };
  return `${element('svg', root, `\n${lines.join('\n')}\n`)}\n`;
}

const marker = (id: string, look: string): string =>
  element(
    'marker',
    {
      id,
      viewBox: '0 0 8 8',
      refX: 7.5,
      refY: 4,
      markerWidth: 8,
      markerHeight: 8,
      orient: 'auto',
      markerUnits: 'userSpaceOnUse',
    },
    element('path', { class: look, d: 'M0 0.5L8 4L0 7.5z' }),
  );

/** Rows that lead to the same state share a line; failures first, so that the others lie on top. */
function uniqueLines(edges: readonly GeometryEdge[]): readonly GeometryEdge[] {
  const lines = new Map(edges.map((edge) => [JSON.stringify(edge.points), edge]));
  return [...lines.values()].sort((a, b) => Number(b.failure) - Number(a.failure));
}

const drawLine = ({ points, failure }: GeometryEdge): string =>
  element('path', {
    ...(failure ? { class: 'fails' } : {}),
    d: course(points),
    'marker-end': `url(#${failure ? 'to-failing' : 'to'})`,
  });
