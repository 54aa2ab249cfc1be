import { protocol } from './protocol.ts';
import { trimmedText } from './text.ts';

const { fields, terminalPhases } = protocol;

/** A run as `JSON.parse` gave it: every field passes through, whatever its type (src/rules/README.md#files). */
export type ForgeState = Readonly<Record<string, unknown>>;

/**
 * What a current run's parsed content means (src/rules/README.md#rule-3-current-run-active and
 * src/rules/README.md#rule-4-current-run-present).
 */
export type CurrentRunVerdict = 'active' | 'present' | 'unreadable';

/**
 * Whether a parsed value can be a run: an object, not an array.
 *
 * @param value - what `JSON.parse` returned
 */
export function isForgeState(value: unknown): value is ForgeState {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Judges the parsed content of the current session's run (src/rules/README.md#rule-3-current-run-active and
 * src/rules/README.md#rule-4-current-run-present): `active === true` is active whatever the phase; null, false, 0 and
 * "" are unreadable; everything else is present.
 *
 * @param value - what `JSON.parse` returned
 */
export function judgeCurrentRun(value: unknown): CurrentRunVerdict {
  if (isForgeState(value) && value[fields.active] === true) return 'active';
  return value ? 'present' : 'unreadable';
}

/**
 * The phase of a run as it is compared: trimmed, lower case, empty if there is none.
 *
 * @param state - the run
 */
export function phaseOf(state: ForgeState): string {
  return trimmedText(state[fields.phase]).toLowerCase();
}

/**
 * Whether a phase ends a run: `blocked_on_user`, `complete`, `failed` or `cancelled`, after trim and lower-casing.
 *
 * @param phase - a phase as stored or as {@link phaseOf} gives it
 */
export function isTerminalPhase(phase: string): boolean {
  return (terminalPhases as readonly string[]).includes(phase.trim().toLowerCase());
}

/**
 * Whether a run is live: `active === true` and its phase not terminal (src/store/file/README.md#promise-1-one-owner).
 *
 * @param state - the run
 */
export function isLive(state: ForgeState): boolean {
  return state[fields.active] === true && !isTerminalPhase(phaseOf(state));
}

/**
 * The iteration of a run as a number, for comparison only.
 *
 * @param state - the run
 * @returns the count, or undefined where the field is no finite number
 */
export function iterationOf(state: ForgeState): number | undefined {
  const value = state[fields.iteration];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/**
 * What tells one run from another in the same session: its `started_at`.
 *
 * @param state - the run
 * @returns the text, trimmed; empty if there is none
 */
export function startOf(state: ForgeState): string {
  return trimmedText(state[fields.startedAt]);
}

/**
 * Whether two contents are the same run: the same `started_at` (src/store/file/README.md#carrying-over). Two runs
 * without one count as the same.
 *
 * @param a - one content
 * @param b - the other
 */
export function isSameRun(a: ForgeState, b: ForgeState): boolean {
  return startOf(a) === startOf(b);
}

/**
 * The text under which a run is stored: 2-space JSON, no trailing newline (src/rules/README.md#files).
 *
 * @param state - the run
 * @throws RangeError when the run is nested too deep for `JSON.stringify`
 */
export function formatForgeState(state: ForgeState): string {
  return JSON.stringify(state, null, 2);
}
