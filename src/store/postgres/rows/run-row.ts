import { type ForgeState, isForgeState } from '../../../rules/forge-state.ts';
import type { Connection } from '../database/connection.ts';
import { schema } from '../database/migrations.ts';
import { nextVersion, timelineFloor } from './epoch.ts';
import { parseRun, runColumnNames, runColumns, runColumnValues } from './run-columns.ts';

/** A run as it was read. */
export interface RunRow {
  /** Id of the session that the run is in. */
  readonly session: string;
  /** What its text says; undefined where that is no JSON. */
  readonly value: unknown;
  /** Byte for byte what was written, 8 MiB at most. */
  readonly text: string;
  /** +1 at each transfer. A bigint as text. */
  readonly epoch: string;
  /** +1 at each write. A bigint as text. */
  readonly version: string;
  /** The transfer that ended it, if nobody wrote since. */
  readonly endedBy: string | null;
  /** When anybody wrote it last, epoch milliseconds by the server's clock. */
  readonly writtenMs: number;
  /** When a runtime last counted a turn of it, by the same clock; null where nothing tells. */
  readonly turnMs: number | null;
}

/** The columns of a {@link RunRow}. */
export const rowColumns = `session, text, epoch, version, ended_by, ${msOf('written_at')} AS written_ms, ${msOf('turn_at')} AS turn_ms`;

function msOf(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000)::float8`;
}

const timeOf = (ms: string): string => `to_timestamp(${ms}::float8 / 1000)`;

/** A row of the driver's as ours. */
export const runRow = (row: {
  session: string;
  text: string;
  epoch: string;
  version: string;
  ended_by: string | null;
  written_ms: number;
  turn_ms: number | null;
}): RunRow => ({
  session: row.session,
  value: parseRun(row.text),
  text: row.text,
  epoch: row.epoch,
  version: row.version,
  endedBy: row.ended_by,
  writtenMs: row.written_ms,
  turnMs: row.turn_ms,
});

/** The run as an object; undefined where it is none. */
export const stateOf = (row: RunRow | undefined): ForgeState | undefined =>
  row !== undefined && isForgeState(row.value) ? row.value : undefined;

/** Reads the run of a session; undefined where it has none. */
export async function readRun(connection: Connection, project: number, session: string): Promise<RunRow | undefined> {
  const { rows } = await connection.query(
    `SELECT ${rowColumns} FROM ${schema}.run WHERE project = $1 AND session = $2`,
    [project, session],
  );
  return rows[0] && runRow(rows[0]);
}

/**
 * Reads what tells whether runs are the ones that somebody has seen.
 *
 * @param sessions - of these sessions; those without a run are left out
 */
export async function readHeads(
  connection: Connection,
  project: number,
  sessions: readonly string[],
): Promise<ReadonlyMap<string, Pick<RunRow, 'epoch' | 'version'> & { readonly active: boolean }>> {
  const { rows } = await connection.query(
    `SELECT session, epoch, version, active FROM ${schema}.run WHERE project = $1 AND session = ANY ($2)`,
    [project, sessions],
  );
  return new Map(rows.map(({ session, ...head }) => [session, head]));
}

/** What a run is created from. */
interface Creation {
  readonly text: string;
  readonly epoch: string;
  /** When its last turn was counted, epoch milliseconds by the server's clock. Default: nothing tells. */
  readonly turnMs?: number | null | undefined;
}

/** Creates the run of a session; false where it has one by now. */
export async function createRun(
  connection: Connection,
  project: number,
  session: string,
  { text, epoch, turnMs = null }: Creation,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `INSERT INTO ${schema}.run (project, session, epoch, version, turn_at, ${runColumnNames})
     VALUES ($1, $2, $3, ${timelineFloor} + 1, ${timeOf('$4')}, ${runColumnValues(5)}) ON CONFLICT DO NOTHING`,
    [project, session, epoch, turnMs, ...runColumns(text)],
  );
  return rowCount === 1;
}

/** What a run is replaced by. */
interface Replacement {
  readonly text: string;
  /** Default: as it is. */
  readonly epoch?: string | undefined;
  /** The transfer that ends it, if one does. */
  readonly endedBy?: string | undefined;
  /** When its last turn was counted, as in {@link Creation}. Default: as it is. */
  readonly turnMs?: number | null | undefined;
}

/** Replaces a run, only if it still is what was read; false where it is not. */
export async function replaceRun(
  connection: Connection,
  project: number,
  read: RunRow,
  { text, epoch = read.epoch, endedBy, turnMs = read.turnMs }: Replacement,
): Promise<boolean> {
  const { rowCount } = await connection.query(
    `UPDATE ${schema}.run
     SET (${runColumnNames}) = (${runColumnValues(8)}),
         epoch = $5, ended_by = $6, version = ${nextVersion('version')}, written_at = now(), turn_at = ${timeOf('$7')}
     WHERE project = $1 AND session = $2 AND version = $3 AND epoch = $4`,
    [project, read.session, read.version, read.epoch, epoch, endedBy ?? null, turnMs, ...runColumns(text)],
  );
  return rowCount === 1;
}
