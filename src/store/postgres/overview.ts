import { neededRights } from '../../rules/database-rights.ts';
import type { Liveness } from '../../rules/liveness.ts';
import { judgeLiveness } from '../../rules/liveness.ts';
import { Connection } from './database/connection.ts';
import type { PostgresPool } from './database/driver.ts';
import { refuseNewer } from './database/migrate.ts';
import { migrations, schema } from './database/migrations.ts';
import { lockClass } from './lock/transaction.ts';
import { isOlderTimeline, timelineFloor } from './rows/epoch.ts';
import { type RunRow, rowColumns, runRow } from './rows/run-row.ts';

/** Most runs that an overview shows: the active ones first, then those that were written last. */
const mostRuns = 1_000;

/** A run as somebody sees it who only looks. */
export interface SeenRun extends RunRow {
  /** What the database knows of its owner: whether a turn of it was counted within the last minute. */
  readonly liveness: Liveness;
}

/** A project as it stands in the database. */
export interface StoreOverview {
  /** The active ones first, then those that were written last; 1,000 at most. */
  readonly runs: readonly SeenRun[];
  /** Transfers that stand, and were not settled yet, by the ids of their sessions; 64 at most, the oldest. */
  readonly unsettled: readonly { readonly source: string; readonly target: string }[];
  /** Whether a call holds the project's lock at this instant. */
  readonly isLocked: boolean;
  /** Whether all of this release's tables are there. */
  readonly isMigrated: boolean;
  /** Rights that calls need and the user lacks, such as `INSERT on run`. */
  readonly lacking: readonly string[];
}

const needed = Object.entries(neededRights)
  .flatMap(([table, verbs]) => verbs.map((verb) => `('${table}', '${verb}')`))
  .join(', ');

/** What the user lacks of it, on tables that are there. */
const lackingRights = `ARRAY(
  SELECT verb || ' on ' || name FROM (VALUES ${needed}) AS needed (name, verb)
  WHERE NOT has_table_privilege(to_regclass('${schema}.' || name), verb))`;

/**
 * Looks at a project: takes no lock, writes nothing.
 *
 * @param pool - of the database
 * @param project - its name there; an unknown one has nothing
 * @throws ForgeResumeError `IO`, `LOCK_LOST` where the database is away, `STATE_UNSAFE` where tables or rights are missing,
 * `JOURNAL_VERSION` where the tables are of a newer release
 */
export async function overviewOf(pool: PostgresPool, project: string): Promise<StoreOverview> {
  const connection = await Connection.open(pool);
  let isDone = false;
  try {
    const { rows: versions } = await connection.query(
      `SELECT coalesce(max(version), 0) AS version, ${lackingRights} AS lacking
       FROM ${schema}.migration`,
    );
    const { version, lacking } = versions[0];
    refuseNewer(version);
    const whole = { isMigrated: version === migrations.length, lacking };
    const { rows } = await connection.query(
      `SELECT id, EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${lockClass} AND objid = id
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS locked,
         (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, ${timelineFloor} AS floor
       FROM ${schema}.project WHERE name = $1`,
      [project],
    );
    const [found] = rows;
    if (found === undefined) {
      isDone = true;
      return { runs: [], unsettled: [], isLocked: false, ...whole };
    }
    const { rows: runs } = await connection.query(
      `SELECT ${rowColumns} FROM ${schema}.run WHERE project = $1 ORDER BY active DESC, written_at DESC LIMIT ${mostRuns}`,
      [found.id],
    );
    const { rows: unsettled } = await connection.query(
      `SELECT source, target FROM ${schema}.transfer WHERE project = $1 AND settled_at IS NULL ORDER BY n LIMIT 64`,
      [found.id],
    );
    isDone = true;
    return {
      runs: runs.map(runRow).map((run) => seen(run, found.now, BigInt(found.floor))),
      unsettled,
      isLocked: found.locked,
      ...whole,
    };
  } finally {
    connection.close(!isDone);
  }
}

const seen = (run: RunRow, now: number, floor: bigint): SeenRun => ({
  ...run,
  // A turn that reached the server since it told its time is young.
  liveness: judgeLiveness({
    turnAgeMs: run.turnMs === null || isOlderTimeline(run.version, floor) ? undefined : Math.max(0, now - run.turnMs),
  }),
});
