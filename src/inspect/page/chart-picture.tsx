import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Geometry, GeometryEdge, GeometryState } from '../../graph/layout/geometry.ts';
import { metrics } from '../../graph/layout/metrics.ts';
import { course } from '../../graph/svg/line.ts';
import { type Marks, transitionOf } from '../model/marks.ts';
import { shortName } from '../model/words.ts';
import { makeZoom, type Zoom } from './zoom.ts';

interface PictureProps {
  readonly geometry: Geometry;
  readonly marks: Marks;
  /** Whether failures that were not taken are drawn. */
  readonly failures: boolean;
  /** Is told of a transition or a state that was clicked. */
  readonly onPick: (name: string) => void;
}

/** The chart as a picture: active states and the last transition lit, visited ones marked, the others pale. */
export function ChartPicture({ geometry, marks, failures, onPick }: PictureProps) {
  const svg = useRef<SVGSVGElement>(null);
  const content = useRef<SVGGElement>(null);
  const zoom = useRef<Zoom>();
  const active = geometry.states.findLast(({ id }) => marks.active.has(id));
  useEffect(() => {
    if (svg.current === null || content.current === null) return undefined;
    const made = makeZoom(svg.current, content.current, geometry);
    zoom.current = made;
    made.fit();
    return made.end;
  }, [geometry]);
  const before = geometry.states.find(({ id }) => id === marks.last?.split(':')[0]);
  useEffect(() => {
    if (active !== undefined) zoom.current?.show(active, before);
  }, [active, before, geometry]);
  const edges = geometry.edges
    .map((edge) => ({ edge, id: transitionOf(edge.source, edge) }))
    .filter(({ edge, id }) => failures || !edge.failure || marks.timesTaken(id) > 0);
  const isTaken = ({ id }: { id: string }): boolean => marks.timesTaken(id) > 0;
  // What is lit lies over what is pale.
  const order = [
    ...edges.filter((one) => !isTaken(one)),
    ...edges.filter((one) => isTaken(one) && one.id !== marks.last),
  ];
  const last = edges.filter(({ id }) => id === marks.last);
  return (
    <div class="picture">
      <svg
        ref={svg}
        role="img"
        aria-label={`The statechart; active: ${active === undefined ? 'no state' : active.id}. The list of states says the same in words.`}
      >
        <defs>
          {['pale', 'taken', 'last'].map((kind) => (
            <marker
              key={kind}
              id={`head-${kind}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              orient="auto"
              markerUnits="userSpaceOnUse"
            >
              <path d="M0 0 L8 4 L0 8 Z" class={`head ${kind}`} />
            </marker>
          ))}
        </defs>
        <g ref={content}>
          {geometry.states.map((state) => (
            <State
              key={state.id}
              state={state}
              mark={marks.active.has(state.id) ? 'active' : marks.isVisited(state.id) ? 'visited' : 'pale'}
              rows={state.rows
                .map((row) => rowMark(marks, transitionOf(state.id, row), row.failure && !failures))
                .join(' ')}
              onPick={onPick}
            />
          ))}
          {[...order, ...last].map(({ edge, id }) => (
            <Edge
              key={`${id} ${edge.target}`}
              edge={edge}
              mark={id === marks.last ? 'last' : marks.timesTaken(id) > 0 ? 'taken' : 'pale'}
            />
          ))}
        </g>
      </svg>
      <fieldset class="zoom" aria-label="Zoom">
        <button type="button" aria-label="Zoom in" onClick={() => zoom.current?.by(1.3)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom.current?.by(1 / 1.3)}>
          −
        </button>
        <button type="button" onClick={() => zoom.current?.fit()}>
          Fit
        </button>
      </fieldset>
    </div>
  );
}

const rowMark = (marks: Marks, id: string, folded: boolean): string => {
  if (id === marks.last) return 'last';
  if (marks.timesTaken(id) > 0) return 'taken';
  return folded ? 'folded' : 'pale';
};

interface StateProps {
  readonly state: GeometryState;
  readonly mark: string;
  /** Marks of the rows, one word each: text, so that an unchanged state is not drawn again. */
  readonly rows: string;
  readonly onPick: (name: string) => void;
}

/** A state that looks as before is not drawn again. */
const State = ({ state, mark, rows, onPick }: StateProps) =>
  useMemo(() => drawState({ state, mark, rows, onPick }), [state, mark, rows, onPick]);

function drawState({ state, mark, rows, onPick }: StateProps) {
  const { id, x, y, width, height, type, label, note, initial } = state;
  const marks = rows.split(' ');
  const { inset, header, row: rowHeight } = metrics;
  return (
    <g class={`state ${mark} ${type}`} data-state={id}>
      <rect x={x} y={y} width={width} height={height} rx={8} class="box" />
      {type === 'final' && <rect x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={6} class="inner" />}
      {initial && <circle cx={x + inset + 4} cy={y + header / 2} r={4} class="initial" />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the picture is one image to those who hear it; the list of states has buttons */}
      <text
        x={x + inset + (initial ? metrics.mark : 0)}
        y={y + header / 2 + 4.5}
        class="label"
        onClick={() => onPick(id)}
      >
        {label}
      </text>
      {note !== '' && (
        <text x={x + inset} y={y + header + 8} class="note">
          {note}
        </text>
      )}
      {state.rows.map((row, index) => {
        const base = row.y + rowHeight / 2 + 4;
        const transition = transitionOf(id, row);
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: likewise
          <g
            key={transition}
            class={`row ${marks[index]}${row.failure ? ' failure' : ''}`}
            onClick={() => onPick(transition)}
          >
            <rect x={x + 4} y={row.y} width={width - 8} height={rowHeight} rx={4} class="strip" />
            <text x={x + inset} y={base}>
              {row.text}
            </text>
            <text x={x + width - inset} y={base} class="target">
              {row.target === null ? '' : `→ ${row.targetText}`}
            </text>
          </g>
        );
      })}
    </g>
  );
}

const Edge = ({ edge, mark }: { edge: GeometryEdge; mark: string }) =>
  useMemo(
    () => (
      <path
        class={`edge ${mark}${edge.failure ? ' failure' : ''}`}
        d={course(edge.points)}
        marker-end={`url(#head-${mark})`}
      >
        <title>{`${shortName(edge.source)} → ${edge.target}`}</title>
      </path>
    ),
    [edge, mark],
  );
