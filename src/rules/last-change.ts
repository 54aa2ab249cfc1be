import type { ForgeState } from './forge-state.ts';
import { protocol } from './protocol.ts';

const { fields } = protocol;

/** When a run last changed, and what says so. */
export interface LastChange {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The field that says so; `mtime`: only the file's own time does. */
  readonly source: 'updated_at' | 'last_turn_at' | 'tmux_pane_set_at' | 'mtime';
}

const sources = [fields.updatedAt, fields.lastTurnAt, fields.paneSetAt] as const;

/**
 * When a run last changed: the newest of `updated_at`, `last_turn_at` and `tmux_pane_set_at`, else the file's time
 * (src/rules/README.md#the-call). A field that is no time counts as absent.
 *
 * @param state - the run
 * @param mtimeMs - the file's time, epoch milliseconds
 */
export function lastChange(state: ForgeState, mtimeMs: number): LastChange {
  let newest: LastChange | undefined;
  for (const source of sources) {
    const at = timeIn(state[source]);
    if (at !== undefined && (newest === undefined || at > newest.at)) newest = { at, source };
  }
  return newest ?? { at: mtimeMs, source: 'mtime' };
}

/**
 * When a run last counted a turn, epoch milliseconds.
 *
 * @param state - the run
 * @returns undefined where no field tells
 */
export function lastTurn(state: ForgeState): number | undefined {
  return timeIn(state[fields.lastTurnAt]) ?? timeIn(state[fields.updatedAt]);
}

/**
 * When a run was bound to its pane, epoch milliseconds.
 *
 * @param state - the run
 * @returns undefined where no field tells
 */
export const paneSetAt = (state: ForgeState): number | undefined => timeIn(state[fields.paneSetAt]);

function timeIn(value: unknown): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
