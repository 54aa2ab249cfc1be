import type { Geometry } from '../../graph/layout/geometry.ts';
import { type Marks, transitionOf } from '../model/marks.ts';

interface StateListProps {
  readonly geometry: Geometry;
  readonly marks: Marks;
  readonly failures: boolean;
  readonly onPick: (name: string) => void;
}

/** The chart as a list: each state with its transitions as rows, in words what the picture shows by colour. */
export function StateList({ geometry, marks, failures, onPick }: StateListProps) {
  return (
    <ol class="states" aria-label="States">
      {geometry.states.map(({ id, label, rows, type }) => {
        const isActive = marks.active.has(id);
        const mark = isActive ? 'active' : marks.isVisited(id) ? 'visited' : 'pale';
        const shown = rows.filter((row) => failures || !row.failure || marks.timesTaken(transitionOf(id, row)) > 0);
        return (
          <li key={id} class={`state ${mark}`} style={{ marginLeft: `${(id.split('.').length - 1) * 14}px` }}>
            <h3>
              <button
                type="button"
                class="plain"
                disabled={mark === 'pale'}
                aria-current={isActive ? 'step' : undefined}
                onClick={() => onPick(id)}
              >
                {label}
              </button>
              <span class="tag">
                {isActive ? 'active' : mark === 'visited' ? 'visited' : type === 'compound' ? 'group' : 'not visited'}
              </span>
            </h3>
            {shown.length > 0 && (
              <ul>
                {shown.map((row) => {
                  const transition = transitionOf(id, row);
                  const times = marks.timesTaken(transition);
                  const rowMark = transition === marks.last ? 'last' : times > 0 ? 'taken' : 'pale';
                  return (
                    <li key={transition} class={`row ${rowMark}${row.failure ? ' failure' : ''}`}>
                      <button type="button" class="plain" disabled={times === 0} onClick={() => onPick(transition)}>
                        <span>{row.text}</span>
                        <span class="target">{row.target === null ? 'stays' : `→ ${row.targetText}`}</span>
                        {times > 0 && <span class="times">{transition === marks.last ? 'now' : `${times}×`}</span>}
                      </button>
                    </li>
                  );
                })}
              </ul>
            )}
          </li>
        );
      })}
    </ol>
  );
}
