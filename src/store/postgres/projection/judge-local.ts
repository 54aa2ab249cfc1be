import { type ForgeState, isForgeState, isLive, isSameRun, iterationOf } from '../../../rules/forge-state.ts';
import { isEndedByTransfer } from '../../../rules/transfer-plan.ts';
import type { RunRow } from '../rows/run-row.ts';
import type { ProjectionNote } from './note.ts';

/** A session's file; `torn`: it is just being written. */
export type LocalFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'torn' }
  | { readonly kind: 'run'; readonly value: ForgeState; readonly text: string; readonly sha256: string };

/** What is to be done about a file and its row. */
export type LocalStep =
  /** Nothing: they are the same, or the file is no run. */
  | 'nothing'
  /** They are the same; that is to be noted. */
  | 'note'
  /** The file went on: its whole turn goes into the row. */
  | 'push'
  /** The row went on: the file becomes what it says. */
  | 'project'
  /** The database does not know, or not any more, what this host has seen: a person decides. */
  | 'behind';

/** A file with what was noted of it, and its row. */
export interface LocalSides {
  readonly file: LocalFile;
  readonly note: ProjectionNote | undefined;
  readonly row: (Pick<RunRow, 'epoch' | 'version' | 'value'> & { readonly sha256: string }) | undefined;
}

/**
 * Judges which of a file and its row went on since both were the same (src/store/postgres/README.md#files-as-a-projection).
 *
 * @param sides - both
 */
export function judgeLocal({ file, note, row }: LocalSides): LocalStep {
  if (file.kind === 'unreadable' || file.kind === 'torn') return 'nothing';
  if (isBehind(note, row)) return file.kind === 'absent' ? 'nothing' : 'behind';
  if (row === undefined) return file.kind === 'absent' ? 'nothing' : 'push';
  // An ended run that was never here needs no file.
  if (file.kind === 'absent') return isForgeState(row.value) && isLive(row.value) ? 'project' : 'nothing';
  if (file.sha256 === row.sha256) return isNoted(note, row) ? 'nothing' : 'note';
  const rowWentOn = note === undefined || isNewer(row, note);
  if (note?.sha256 === file.sha256 && rowWentOn) return 'project';
  return isProgress(file.value, row, note, rowWentOn) ? 'push' : 'project';
}

/**
 * Whether the database does not know, or not any more, what this host has seen of a run.
 *
 * @param note - what the host has seen
 * @param row - what the database has; undefined where that is nothing
 */
export const isBehind = (note: ProjectionNote | undefined, row: Pick<RunRow, 'epoch'> | undefined): boolean =>
  note !== undefined && (row === undefined || BigInt(row.epoch) < BigInt(note.epoch));

const isNoted = (note: ProjectionNote | undefined, row: Pick<RunRow, 'epoch' | 'version'>): boolean =>
  note?.epoch === row.epoch && note.version === row.version;

/** A database that lost acknowledged writes has rows that are older than what was noted of them. */
const isNewer = (row: Pick<RunRow, 'epoch' | 'version'>, note: ProjectionNote): boolean =>
  row.epoch !== note.epoch || BigInt(row.version) > BigInt(note.version);

/** Whether a file that differs from its row is what its runtime made of it. */
function isProgress(
  state: ForgeState,
  row: NonNullable<LocalSides['row']>,
  note: ProjectionNote | undefined,
  rowWentOn: boolean,
): boolean {
  const stored = row.value;
  if (!isForgeState(stored) || !isSameRun(state, stored)) return true;
  // Handed over: what is written here since is a copy's.
  if (isEndedByTransfer(stored) || (note !== undefined && row.epoch !== note.epoch)) return false;
  // Ended for good by somebody else.
  if (rowWentOn && stored['active'] !== true) return false;
  return (iterationOf(state) ?? 0) >= (iterationOf(stored) ?? 0);
}
