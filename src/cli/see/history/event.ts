import type { LineRecord } from '../json-lines.ts';

/** What happened, by its name in `--json`; what a newer release notes has other names. */
export const happenings = {
  resumed: 'resumed',
  adopted: 'adopted',
  given_back: 'given back',
  taken_back: 'taken back',
  given_up: 'given up',
  recovered: 'recovered',
  copy_ended: 'copy ended',
  ended: 'ended',
  mended: 'mended',
  refused: 'refused',
  failed: 'failed',
  updated: 'updated',
  up_to_date: 'up to date',
} as const;

/** Something that happened to the runs of a project, or was refused. */
export interface HistoryEvent {
  /** ISO 8601; of the last one, where it happened several times in a row. */
  readonly at: string;
  readonly what: string;
  /** The session that had the run; null where there is none. */
  readonly from: string | null;
  /** The session that has it, or asked for it. */
  readonly to: string | null;
  readonly pid: number | null;
  readonly transferId: string | null;
  /** The call's reason, an error's code, what a recovery came to, why a run was ended, or of what doctor mended it. */
  readonly reason: string | null;
  /** For which conversation a call asked. */
  readonly conversation: { readonly sessionId: string; readonly threadId: string } | null;
  /** Of an error. */
  readonly message: string | null;
}

/** Longest text that is taken over, UTF-16 units. */
const longestText = 512;

/**
 * A field of a line as text.
 *
 * @param value - whatever stands there
 * @returns null where it is no text, or an empty one
 */
export const textIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, longestText) : null;

/**
 * When a line was written.
 *
 * @param value - whatever stands there
 * @returns ISO 8601; undefined where it is no time
 */
export function timeIn(value: unknown): string | undefined {
  const time = typeof value === 'string' ? new Date(value) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/**
 * Which process a line names.
 *
 * @param line - the line
 */
export const pidIn = ({ pid }: LineRecord): number | null => (Number.isSafeInteger(pid) ? (pid as number) : null);
