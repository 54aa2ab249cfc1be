import { useState } from 'preact/hooks';
import type { ListedRun } from '../listed-run.ts';
import { durationWords } from '../model/words.ts';

interface RunListProps {
  readonly runs: readonly ListedRun[];
  readonly selected: string | null;
  readonly other: string | null;
  readonly onSelect: (id: string) => void;
  readonly onCompare: (id: string | null) => void;
  readonly onOpenFiles: () => void;
}

/** The text by which a run is found. */
const textOf = ({ name, header, end }: ListedRun): string =>
  [
    name,
    header.by,
    header.event,
    header.at,
    header.input.payloadSessionId,
    header.input.payloadThreadId,
    end?.reason,
    end?.error?.code,
  ]
    .join(' ')
    .toLowerCase();

/** How a run ended, in a word or two. */
export const outcomeOf = ({ end }: Pick<ListedRun, 'end'>): string =>
  end === null ? 'no end yet' : (end.reason ?? end.error?.code ?? 'failed').replaceAll('_', ' ');

/** The runs, the newest first, with reason and duration; searchable. */
export function RunList({ runs, selected, other, onSelect, onCompare, onOpenFiles }: RunListProps) {
  const [sought, setSought] = useState('');
  const words = sought
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = runs.filter((run) => words.every((word) => textOf(run).includes(word)));
  return (
    <nav class="runs" aria-label="Runs">
      <div class="search">
        <label for="search" class="hidden">
          Search runs
        </label>
        <input
          id="search"
          type="search"
          placeholder="Search runs"
          value={sought}
          onInput={({ currentTarget }) => setSought(currentTarget.value)}
        />
        <button type="button" onClick={onOpenFiles}>
          Open file
        </button>
      </div>
      <ul>
        {found.map((run) => (
          <li key={run.id} class={run.id === selected ? 'selected' : ''}>
            <button
              type="button"
              class="run"
              aria-current={run.id === selected ? 'true' : undefined}
              onClick={() => onSelect(run.id)}
            >
              <span class={`outcome ${kindOf(run)}`}>{outcomeOf(run)}</span>
              <span class="muted">
                {[
                  run.header.event ?? run.header.by,
                  timeOf(run.header.at),
                  run.end === null ? '' : durationWords(run.end.t),
                ]
                  .filter((text) => text !== '')
                  .join(' · ')}
              </span>
            </button>
            {run.id !== selected && selected !== null && (
              <button
                type="button"
                class="compare"
                aria-label={`Compare with ${outcomeOf(run)}, ${timeOf(run.header.at)}`}
                title="Compare with the selected run"
                aria-pressed={run.id === other}
                onClick={() => onCompare(run.id === other ? null : run.id)}
              >
                ⇄
              </button>
            )}
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p class="empty">
          {runs.length === 0
            ? 'No recordings yet. A recorded call appears here at once; a file can be dropped anywhere on the page.'
            : 'No run matches.'}
        </p>
      )}
    </nav>
  );
}

const timeOf = (at: string): string => {
  const time = new Date(at);
  return Number.isNaN(time.getTime())
    ? at
    : time.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
};

const kindOf = ({ end }: ListedRun): string => {
  if (end === null) return 'open';
  return end.reason === null ? 'failed' : end.reason === 'resumed_same_codex_session' ? 'resumed' : 'decided';
};
