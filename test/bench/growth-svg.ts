import type { GrowthPoint } from './growth.ts';

const size = { width: 720, height: 420 };
const frame = { left: 76, right: 596, top: 48, bottom: 356 };
// Readable without color too: each line carries its name, and the marks differ.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-size: 15px; font-weight: 600 }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .ours, .baseline { fill: none; stroke-width: 2.5 }
  .ours { stroke: #0969da } .baseline { stroke: #9a6700 }
  circle { fill: #0969da } rect.mark { fill: #9a6700 }
  .paper { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .grid { stroke: #3d444d }
    .ours { stroke: #4493f8 } .baseline { stroke: #d29922 }
    circle { fill: #4493f8 } rect.mark { fill: #d29922 }
    .paper { fill: #0d1117 }
  }`;

/**
 * Draws the growth curve, both axes logarithmic, for light and for dark pages.
 *
 * @param points - by rising number of sessions, at least two
 * @returns the SVG's text
 */
export function drawGrowth(points: readonly GrowthPoint[]): string {
  const counts = points.map(({ sessions }) => sessions);
  const times = points.flatMap(({ ours, baseline }) => [ours.median, baseline.median]);
  const x = scale(Math.min(...counts), Math.max(...counts), frame.left, frame.right);
  const [lowest, highest] = [floorDecade(Math.min(...times)), ceilDecade(Math.max(...times))];
  const y = scale(lowest, highest, frame.bottom, frame.top);
  const decades = Array.from(
    { length: Math.round(Math.log10(highest / lowest)) + 1 },
    (_, step) => lowest * 10 ** step,
  );
  const parts = [
    ...counts.flatMap((count) => [
      `<line class="grid" x1="${x(count)}" x2="${x(count)}" y1="${frame.top}" y2="${frame.bottom}"/>`,
      `<text x="${x(count)}" y="${frame.bottom + 20}" text-anchor="middle">${count.toLocaleString('en')}</text>`,
    ]),
    ...decades.flatMap((time) => [
      `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y(time)}" y2="${y(time)}"/>`,
      `<text x="${frame.left - 8}" y="${y(time) + 4}" text-anchor="end">${formatTime(time)}</text>`,
    ]),
    ...(['baseline', 'ours'] as const).map((name) => {
      const places = points.map((point) => [x(point.sessions), y(point[name].median)] as const);
      const [lastX, lastY] = places.at(-1) ?? [0, 0];
      const marks = places.map(([left, top]) =>
        name === 'ours'
          ? `<circle cx="${left}" cy="${top}" r="4.5"/>`
          : `<rect class="mark" x="${left - 4}" y="${top - 4}" width="8" height="8"/>`,
      );
      const label = `<text x="${lastX + 12}" y="${lastY + 4}">${name} ${formatTime(points.at(-1)?.[name].median ?? 0)}</text>`;
      return `<polyline class="${name}" points="${places.map((place) => place.join(',')).join(' ')}"/>${marks.join('')}${label}`;
    }),
    `<text x="${(frame.left + frame.right) / 2}" y="${frame.bottom + 46}" text-anchor="middle">sessions in the state directory</text>`,
    `<text class="title" x="${frame.left}" y="28">One call that finds no match, median</text>`,
  ];
  const title = 'Time of one call over the number of sessions, both axes logarithmic';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${title}">
<title>${title}</title>
<style>${style}
</style>
<rect class="paper" width="${size.width}" height="${size.height}"/>
${parts.join('\n')}
</svg>
`;
}

function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  const place = (value: number): number => Math.log10(value / from) / Math.log10(to / from);
  return (value) => Math.round((start + (end - start) * place(value)) * 10) / 10;
}

const floorDecade = (value: number): number => 10 ** Math.floor(Math.log10(value));
const ceilDecade = (value: number): number => 10 ** Math.ceil(Math.log10(value));

const formatTime = (ms: number): string => (ms >= 1_000 ? `${short(ms / 1_000)} s` : `${short(ms)} ms`);
const short = (value: number): string => String(Number(value.toPrecision(2)));
