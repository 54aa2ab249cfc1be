import type { ListedRun } from '../listed-run.ts';
import { type OpenRun, openRun } from '../model/open-run.ts';
import { cutOff, readRecording } from '../recording/read-recording.ts';

/** What lies over the page. */
export type Dialog =
  | { readonly kind: 'help' }
  | { readonly kind: 'stately' }
  | { readonly kind: 'rule'; readonly anchor: string };

/** Which part a narrow screen shows. */
export type Part = 'runs' | 'chart' | 'steps';

/** All that the page shows, and where it stands. */
export interface PageState {
  readonly runs: readonly ListedRun[];
  /** Recordings that were read, by the runs' ids. */
  readonly opened: Readonly<Record<string, OpenRun>>;
  readonly selected: string | null;
  /** The run that the selected one is compared with. */
  readonly other: string | null;
  readonly step: number;
  /** Whether a new run is opened when it appears, and the end is kept in sight. */
  readonly follow: boolean;
  readonly playing: boolean;
  readonly failures: boolean;
  readonly view: 'picture' | 'list';
  readonly part: Part;
  readonly dialog: Dialog | null;
  /** What went wrong or was done, for people. */
  readonly notice: string;
}

/** Something that happened. */
export type PageEvent =
  | { readonly type: 'runs'; readonly runs: readonly ListedRun[]; readonly isLive: boolean }
  | { readonly type: 'gone'; readonly ids: readonly string[] }
  /** A recording was read; `isPart` where there is more of it than is served. */
  | { readonly type: 'read'; readonly id: string; readonly text: string; readonly isPart?: boolean }
  | { readonly type: 'select'; readonly id: string }
  | { readonly type: 'compare'; readonly id: string | null }
  | { readonly type: 'go'; readonly to: number }
  | { readonly type: 'move'; readonly by: number }
  | {
      readonly type: 'set';
      readonly to: Partial<Pick<PageState, 'follow' | 'playing' | 'failures' | 'view' | 'part' | 'dialog' | 'notice'>>;
    };

/** The page before it knows anything. */
export const initialState: PageState = {
  runs: [],
  opened: {},
  selected: null,
  other: null,
  step: 0,
  follow: true,
  playing: false,
  failures: false,
  view: 'picture',
  part: 'chart',
  dialog: null,
  notice: '',
};

/** The run that is looked at; undefined while it is not read. */
export const currentRun = ({ opened, selected }: PageState): OpenRun | undefined =>
  selected === null ? undefined : opened[selected];

/**
 * What the page shows after something happened.
 *
 * @param state - before
 * @param event - what happened
 */
export function reduce(state: PageState, event: PageEvent): PageState {
  switch (event.type) {
    case 'runs':
      return withRuns(state, event.runs, event.isLive);
    case 'gone':
      // What was read can still be shown.
      return {
        ...state,
        runs: state.runs.filter(({ id }) => !event.ids.includes(id) || state.opened[id] !== undefined),
      };
    case 'read':
      return withText(state, event);
    case 'select':
      if (event.id === state.selected) return { ...state, part: 'chart' };
      return {
        ...state,
        selected: event.id,
        step: lastStep(state.opened[event.id]),
        other: state.other === event.id ? null : state.other,
        playing: false,
        follow: event.id === state.runs[0]?.id,
        part: 'chart',
      };
    case 'compare':
      return { ...state, other: event.id, part: 'steps' };
    case 'go':
      return goTo(state, event.to);
    case 'move':
      return goTo(state, state.step + event.by);
    case 'set':
      return { ...state, ...event.to };
  }
}

const lastStep = (run: OpenRun | undefined): number => Math.max(0, (run?.steps.length ?? 1) - 1);

function goTo(state: PageState, to: number): PageState {
  const last = lastStep(currentRun(state));
  const step = Math.min(last, Math.max(0, to));
  // At the end there is nothing more to play.
  return step === state.step && !state.playing ? state : { ...state, step, playing: state.playing && step < last };
}

function withRuns(state: PageState, told: readonly ListedRun[], isLive: boolean): PageState {
  const known = new Map(state.runs.map((run) => [run.id, run]));
  const fresh = told.filter(({ id }) => !known.has(id));
  for (const run of told) known.set(run.id, run);
  const runs = [...known.values()].sort((a, b) => b.header.at.localeCompare(a.header.at));
  const [newest] = runs;
  const isNewer = isLive && state.follow && fresh.some(({ id }) => id === newest?.id);
  const selected = state.selected === null || isNewer ? (newest?.id ?? null) : state.selected;
  return { ...state, runs, selected, step: selected === state.selected ? state.step : 0 };
}

const partNote = 'it is over 64 MB: what is behind its first 64 MB is not shown';

function withText(state: PageState, { id, text, isPart = false }: Extract<PageEvent, { type: 'read' }>): PageState {
  const read = readRecording(text);
  if (read.kind === 'refused') return { ...state, notice: read.why };
  const before = state.opened[id];
  // Where its end is behind what is served, nothing was cut off.
  const notes = isPart ? [partNote, ...read.notes.filter((note) => note !== cutOff)] : read.notes;
  const run = openRun(read.recording, notes);
  const wasAtEnd = before === undefined || state.step >= lastStep(before);
  const isShown = id === state.selected;
  const step = isShown && wasAtEnd && (state.follow || before === undefined) ? lastStep(run) : state.step;
  const opened = { ...state.opened, [id]: run };
  // A file that keeps the last call may hold a shorter one now.
  return { ...state, opened, step: isShown ? Math.min(step, lastStep(run)) : step };
}
