import type { ForgeState } from './forge-state.ts';
import { type LastChange, lastChange } from './last-change.ts';

/** How long a run has been idle, where that is longer than it may be. */
export interface Staleness {
  /** Since its last change, milliseconds. */
  readonly ageMs: number;
  /** What it may be, milliseconds. */
  readonly limitMs: number;
  /** What says when it changed last; `mtime`: the file's own time. */
  readonly source: LastChange['source'];
}

/** When a run is looked at, and how long it may be idle. */
export interface StalenessFacts {
  /** The file's time, epoch milliseconds. */
  readonly mtimeMs: number;
  /** The instant of the call, epoch milliseconds. */
  readonly nowMs: number;
  /** {@link Policies.staleAfter}, milliseconds; undefined: any time. */
  readonly limitMs: number | undefined;
}

/**
 * Judges whether a run has been idle for too long (src/rules/README.md#policies).
 *
 * @param state - the run
 * @param facts - times
 * @returns undefined where it has not; a change in the future is none
 */
export function stalenessOf(state: ForgeState, { mtimeMs, nowMs, limitMs }: StalenessFacts): Staleness | undefined {
  if (limitMs === undefined) return undefined;
  const { at, source } = lastChange(state, mtimeMs);
  const ageMs = Math.round(nowMs - at);
  return ageMs > limitMs ? { ageMs, limitMs, source } : undefined;
}
