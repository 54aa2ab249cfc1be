import type { ChartGeometry } from '../graph/layout/chart-geometry.ts';
import type { Geometry, GeometryEdge, GeometryState } from '../graph/layout/geometry.ts';
import { metrics } from '../graph/layout/metrics.ts';
import { element, escaped, round, textElement } from '../graph/svg/elements.ts';
import { course } from '../graph/svg/line.ts';
import { drawBox, drawText } from '../graph/svg/state.ts';
import { style } from '../graph/svg/style.ts';
import { failuresOf, type Marks, marksAt, transitionOf } from './model/marks.ts';
import { type OpenRun, openRun } from './model/open-run.ts';
import { durationWords } from './model/words.ts';
import type { Recording } from './recording/format.ts';

/** Height of the line above the chart, pixels. */
const captionHeight = 44;

const marked = `
.pale{opacity:.5}
.taken rect,.now rect{stroke:var(--way)}
.now rect{stroke-width:2.5}
.strip{stroke:none!important;fill:var(--way);opacity:.14}
.course{stroke:var(--way);stroke-width:2}
.tips{stroke:none;fill:var(--way)}
.badge{fill:var(--way)}
.order{fill:var(--paper);text-anchor:middle;font-weight:700}
`;

/**
 * Draws a run into the chart, for documents: the states that it visited, the transitions that it took with the numbers of
 * their steps, and where it ended.
 *
 * @param recording - the run's
 * @param chart - the chart, laid out
 * @returns an SVG file, with a final newline
 */
export function runSvg(recording: Recording, chart: ChartGeometry): string {
  const run = openRun(recording);
  const marks = marksAt(run, run.steps.length - 1);
  const failures = failuresOf(chart.all);
  const geometry = [...run.taken.keys()].some((id) => failures.has(id)) ? chart.all : chart.withoutFailures;
  const { width, height } = { width: Math.ceil(geometry.width), height: Math.ceil(geometry.height) + captionHeight };
  const caption = captionOf(run);
  const depth = (id: string): number => id.split('.').length - 1;
  const lines = [
    `<title id="title">${escaped(caption)}</title>`,
    `<style>${style}${marked}</style>`,
    element('defs', {}, arrow()),
    element('rect', { class: 'paper', width, height }),
    textElement(caption, { class: 'name', x: metrics.margin, y: 28, size: 15 }),
    `<g transform="translate(0 ${captionHeight})">`,
    ...geometry.states.map((state) => element('g', { class: markOf(state, marks) }, drawBox(state, depth(state.id)))),
    ...edgesOf(geometry, marks),
    ...geometry.states.map((state) =>
      element('g', { class: markOf(state, marks) }, strips(state, run) + drawText(state) + badges(state, run)),
    ),
    '</g>',
  ];
  const root = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img' };
  return `${element('svg', { ...root, 'aria-labelledby': 'title' }, `\n${lines.join('\n')}\n`)}\n`;
}

const captionOf = ({ end, steps, duration, header }: OpenRun): string =>
  [
    end === null ? 'cut off' : (end.reason ?? end.error?.code ?? 'failed'),
    `${steps.length} steps`,
    durationWords(duration),
    header.event ?? header.by,
    header.at,
  ].join(', ');

const markOf = ({ id }: GeometryState, { active, isVisited }: Marks): string =>
  active.has(id) ? 'now' : isVisited(id) ? 'taken' : 'pale';

/** Failures have a line only where they were taken. */
function edgesOf({ edges }: Geometry, { timesTaken }: Marks): string[] {
  const isTaken = (edge: GeometryEdge): boolean => timesTaken(transitionOf(edge.source, edge)) > 0;
  const draw = (edge: GeometryEdge): string =>
    element('path', {
      class: isTaken(edge) ? 'course' : 'pale',
      d: course(edge.points),
      'marker-end': isTaken(edge) ? 'url(#taken)' : 'url(#pale)',
    });
  const shown = edges.filter((edge) => !edge.failure || isTaken(edge));
  return [...shown.filter((edge) => !isTaken(edge)), ...shown.filter(isTaken)].map(draw);
}

const arrow = (): string =>
  ['pale', 'taken']
    .map((id) => {
      const size = { viewBox: '0 0 8 8', refX: 7.5, refY: 4, markerWidth: 8, markerHeight: 8 };
      const tip = element('path', { class: id === 'taken' ? 'tips' : 'head', d: 'M0 0.5L8 4L0 7.5z' });
      return element('marker', { id, ...size, orient: 'auto', markerUnits: 'userSpaceOnUse' }, tip);
    })
    .join('');

const takenRows = (state: GeometryState, { taken }: OpenRun) =>
  state.rows
    .map((row) => ({ row, steps: taken.get(transitionOf(state.id, row)) ?? [] }))
    .filter(({ steps }) => steps.length > 0);

const strips = (state: GeometryState, run: OpenRun): string =>
  takenRows(state, run)
    .map(({ row }) => {
      const place = { x: round(state.x + 2), y: row.y, width: round(state.width - 4), height: metrics.row, rx: 4 };
      return element('rect', { class: 'strip', ...place });
    })
    .join('');

/** The number of the step by which a transition was taken first, on the border of its state. */
const badges = (state: GeometryState, run: OpenRun): string =>
  takenRows(state, run)
    .map(({ row, steps }) => {
      const [x, y] = [state.x, row.y + metrics.row / 2];
      const text = String((steps[0] ?? 0) + 1);
      const number = element(
        'text',
        { class: 'order', x: round(x), y: round(y + 3.5), 'font-size': text.length > 2 ? 7 : 9 },
        text,
      );
      return element('circle', { class: 'badge', cx: round(x), cy: round(y), r: 8.5 }) + number;
    })
    .join('');
