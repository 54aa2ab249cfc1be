import type { HistoryEntry } from '../../file/transfer/history.ts';
import type { PostgresCall } from '../call.ts';
import type { PostgresPool } from '../database/driver.ts';
import { schema } from '../database/migrations.ts';
import { once } from '../database/once.ts';

/** What of the past somebody wants to see. */
export interface PastQuestion {
  /** Only what is about this session. */
  readonly session?: string | undefined;
  /** Only what happened then or later by the server's clock, epoch milliseconds. */
  readonly since?: number | undefined;
  /** At most so many entries, the newest. */
  readonly limit: number;
}

/** Most entries that are kept of a project, and so the most that a question is answered with. */
const most = 10_000;

type Entry = HistoryEntry extends infer One ? (One extends unknown ? Omit<One, 'at'> : never) : never;

/**
 * Notes for people what happens, in the open transaction, which tells when; the oldest entry goes where there are 10,000.
 *
 * @param call - a call that holds the lock
 * @param entry - what happens, as the history of files has it
 */
export async function addToHistory({ lease }: PostgresCall, entry: Entry): Promise<void> {
  const { connection, project } = lease;
  await connection.query(
    `WITH added AS (
       INSERT INTO ${schema}.history (project, line, entry)
       SELECT $1, coalesce(max(line), 0) + 1, $2 FROM ${schema}.history WHERE project = $1 RETURNING line)
     DELETE FROM ${schema}.history WHERE project = $1 AND line = (SELECT line FROM added) - ${most}`,
    [project, JSON.stringify(entry)],
  );
}

/**
 * What happened to the runs of a project; takes no lock, writes nothing.
 *
 * @param pool - of the database
 * @param project - its name there; an unknown one has no past
 * @param question - what is wanted
 * @returns oldest first
 * @throws ForgeResumeError `IO`, `LOCK_LOST` where the database is away, `STATE_UNSAFE` where tables or rights are missing
 */
export async function pastOf(
  pool: PostgresPool,
  project: string,
  { session, since, limit }: PastQuestion,
): Promise<readonly HistoryEntry[]> {
  const { rows } = await once(
    pool,
    `SELECT to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at, h.entry::text AS entry
     FROM ${schema}.history AS h JOIN ${schema}.project AS p ON p.id = h.project
     WHERE p.name = $1 AND h.at >= to_timestamp($2)
       AND ($3::text IS NULL OR $3 IN (h.entry->>'source', h.entry->>'target', h.entry->>'session'))
     ORDER BY h.line DESC LIMIT $4`,
    [project, (since ?? 0) / 1_000, session ?? null, Math.min(limit, most)],
  );
  return rows.map(({ at, entry }) => ({ ...JSON.parse(entry), at })).reverse();
}
