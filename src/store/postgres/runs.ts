import { ForgeResumeError } from '../../errors.ts';
import { protocol } from '../../rules/protocol.ts';
import { isSessionId } from '../../rules/session-id.ts';
import type { PostgresPool } from './database/driver.ts';
import { refuseNewer } from './database/migrate.ts';
import { migrations, schema } from './database/migrations.ts';
import { once } from './database/once.ts';
import { nextVersion, timelineFloor } from './rows/epoch.ts';
import { runColumnNames, runColumns, runColumnValues } from './rows/run-columns.ts';

/** A run as a runtime reads it. */
export interface StoredRun {
  /** Byte for byte what was written. */
  readonly text: string;
  /** Which hand-over the run is behind; a write names it. A whole number in decimal digits. */
  readonly epoch: string;
}

/** A run that a runtime writes. */
export interface RunWrite {
  /** Id of the session that the run is in; it must be known (`addSession`). */
  readonly session: string;
  /** The run as JSON, 8 MiB at most. */
  readonly text: string;
  /** The epoch with which it was read; absent: the session has no run yet. */
  readonly epoch?: string | undefined;
}

const version = `(SELECT coalesce(max(version), 0) FROM ${schema}.migration)`;
/** Whether the tables are of no newer release: a runtime may run for days. */
const areKnown = `${version} <= ${migrations.length}`;

async function refuseNewerTables(pool: PostgresPool): Promise<void> {
  const { rows } = await once(pool, `SELECT ${version} AS version`, []);
  refuseNewer(rows[0].version);
}

/**
 * Makes a session known, and its project; both may be known already.
 *
 * @throws ForgeResumeError `JOURNAL_VERSION` where the tables are of a newer release
 */
export async function addSession(pool: PostgresPool, project: string, session: string): Promise<void> {
  if (!isSessionId(session)) throw new TypeError(`no session id: ${JSON.stringify(session)}`);
  await refuseNewerTables(pool);
  await once(pool, `INSERT INTO ${schema}.project (name) VALUES ($1) ON CONFLICT DO NOTHING`, [project]);
  await once(
    pool,
    `INSERT INTO ${schema}.session (project, id) SELECT id, $2 FROM ${schema}.project WHERE name = $1 ON CONFLICT DO NOTHING`,
    [project, session],
  );
}

/** Reads the run of a session; undefined where it has none. */
export async function getRun(pool: PostgresPool, project: string, session: string): Promise<StoredRun | undefined> {
  const { rows } = await once(
    pool,
    `SELECT r.text, r.epoch FROM ${schema}.run AS r JOIN ${schema}.project AS p ON p.id = r.project
     WHERE p.name = $1 AND r.session = $2`,
    [project, session],
  );
  return rows[0];
}

/**
 * Writes the run of a session by one statement: all of it or nothing. The iteration of one run never goes back.
 *
 * @throws ForgeResumeError `OWNER_CHANGED` where the run is of another epoch, is there already, or the session is unknown;
 * `SOURCE_BUSY` where it has counted further, `JOURNAL_VERSION` where the tables are of a newer release
 */
export async function putRun(pool: PostgresPool, project: string, { session, text, epoch }: RunWrite): Promise<void> {
  if (Buffer.byteLength(text) > protocol.limits.stateFileBytes) throw new TypeError('the run is over 8 MiB');
  const columns = runColumns(text);
  const { rowCount } =
    epoch === undefined
      ? await once(
          pool,
          `INSERT INTO ${schema}.run (project, session, epoch, version, turn_at, ${runColumnNames})
           SELECT s.project, s.id, ${timelineFloor} + 1, ${timelineFloor} + 1, now(), ${runColumnValues(3)}
           FROM ${schema}.session AS s JOIN ${schema}.project AS p ON p.id = s.project
           WHERE p.name = $1 AND s.id = $2 AND ${areKnown} ON CONFLICT DO NOTHING`,
          [project, session, ...columns],
        )
      : await once(
          pool,
          `UPDATE ${schema}.run AS r
           SET (${runColumnNames}) = (${runColumnValues(4)}),
               ended_by = NULL, version = ${nextVersion('r.version')}, written_at = now(),
               turn_at = CASE WHEN r.started_at <> $8 OR $7 > coalesce(r.iteration, -1) THEN now() ELSE r.turn_at END
           FROM ${schema}.project AS p
           WHERE p.name = $1 AND r.project = p.id AND r.session = $2 AND r.epoch = $3 AND ${areKnown}
             AND (r.iteration IS NULL OR r.started_at <> $8 OR coalesce($7, -1) >= r.iteration)`,
          [project, session, epoch, ...columns],
        );
  if (rowCount === 1) return;
  await refuseNewerTables(pool);
  if (epoch !== undefined && (await getRun(pool, project, session))?.epoch === epoch) {
    const has = `the run of session ${session} has counted further than what was to be written`;
    throw new ForgeResumeError('SOURCE_BUSY', `${has}; read it again`);
  }
  const what =
    epoch === undefined ? 'it is there already, or the session is unknown' : `it is not of epoch ${epoch} any more`;
  throw new ForgeResumeError('OWNER_CHANGED', `the run of session ${session} was not written: ${what}`);
}
