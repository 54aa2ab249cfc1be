import type { PageEvent, PageState } from './state.ts';

/** A key, what it does in words, and what happens. */
export interface Key {
  readonly keys: readonly string[];
  readonly what: string;
  readonly does: (state: PageState) => PageEvent | undefined;
}

const set = (to: Extract<PageEvent, { type: 'set' }>['to']): PageEvent => ({ type: 'set', to });
const move = (by: number) => (): PageEvent => ({ type: 'move', by });

/** The neighbour of the selected run in the list. */
const neighbour = ({ runs, selected }: PageState, by: number): PageEvent | undefined => {
  const run = runs[runs.findIndex(({ id }) => id === selected) + by];
  return run && { type: 'select', id: run.id };
};

/** Every key of the page, in the order in which the help lists them. */
export const keys: readonly Key[] = [
  { keys: ['ArrowRight', 'j'], what: 'next step', does: move(1) },
  { keys: ['ArrowLeft', 'k'], what: 'step before', does: move(-1) },
  { keys: ['PageDown'], what: 'ten steps on', does: move(10) },
  { keys: ['PageUp'], what: 'ten steps back', does: move(-10) },
  { keys: ['Home'], what: 'first step', does: () => ({ type: 'go', to: 0 }) },
  { keys: ['End'], what: 'last step', does: () => ({ type: 'go', to: Number.MAX_SAFE_INTEGER }) },
  { keys: [' '], what: 'play or pause', does: ({ playing }) => set({ playing: !playing }) },
  { keys: ['n'], what: 'newer run', does: (state) => neighbour(state, -1) },
  { keys: ['p'], what: 'older run', does: (state) => neighbour(state, 1) },
  { keys: ['l'], what: 'follow what is recorded now', does: ({ follow }) => set({ follow: !follow }) },
  { keys: ['f'], what: 'show or fold failures', does: ({ failures }) => set({ failures: !failures }) },
  { keys: ['v'], what: 'picture or list', does: ({ view }) => set({ view: view === 'picture' ? 'list' : 'picture' }) },
  { keys: ['c'], what: 'end the comparison', does: () => ({ type: 'compare', id: null }) },
  { keys: ['?'], what: 'this help', does: () => set({ dialog: { kind: 'help' } }) },
];

/**
 * What a key press means.
 *
 * @param event - the press; one that somebody types, or that a control has a use for, means nothing
 * @param state - the page's
 */
export function meaningOf(event: KeyboardEvent, state: PageState): PageEvent | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || state.dialog !== null) return undefined;
  const target = event.target as HTMLElement | null;
  if (target?.closest('input:not([type=range]), select, textarea') != null) return undefined;
  if (event.key === ' ' && target?.closest('button, summary, input') != null) return undefined;
  return keys.find(({ keys: names }) => names.includes(event.key))?.does(state);
}
