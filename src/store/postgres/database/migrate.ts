import { setTimeout as pause } from 'node:timers/promises';
import { ForgeResumeError } from '../../../errors.ts';
import { Connection } from './connection.ts';
import type { PostgresPool } from './driver.ts';
import { migrations, schema } from './migrations.ts';

/** Keeps two that migrate apart; any number that nothing else uses. */
const migrationLock = 1_718_580_084;
/** How long one waits for the other, and how often it asks, milliseconds. */
const wait = { forMs: 30_000, everyMs: 100 };

/** What is to be run, or was. */
export interface Migration {
  /** The version of the tables before, 0 where there were none. */
  readonly from: number;
  /** The version after. */
  readonly to: number;
  /** The statements that lead there, in order; empty where nothing is to be done. */
  readonly statements: readonly string[];
}

/**
 * Brings the tables to this release's version, all of it or nothing.
 *
 * @param pool - a user who may create the schema, or owns it
 * @param options - `dryRun`: nothing is changed, the statements are only told
 * @throws ForgeResumeError `JOURNAL_VERSION` where the tables are of a newer release, `STATE_UNSAFE` where the database's
 * encoding does not hold every text, `IO` where the database refuses, `SOURCE_BUSY` where another migration takes longer than 30 s
 */
export async function migrate(pool: PostgresPool, { dryRun = false }: { dryRun?: boolean } = {}): Promise<Migration> {
  const connection = await Connection.open(pool);
  let isDone = false;
  try {
    await connection.query('BEGIN');
    await waitForTurn(connection);
    const from = await versionOf(connection);
    refuseNewer(from);
    await refuseEncoding(connection);
    const statements =
      from === 0 ? [...(await schemaToMake(connection)), versions, ...migrations] : migrations.slice(from);
    const notes =
      statements.length === 0 ? [] : [`INSERT INTO ${schema}.migration (version) VALUES (${migrations.length})`];
    const all = [...statements, ...notes];
    // On large tables it may take its time.
    if (!dryRun) for (const statement of all) await connection.query(statement, undefined, 0);
    await connection.query(dryRun ? 'ROLLBACK' : 'COMMIT');
    isDone = true;
    return { from, to: migrations.length, statements: all.map((text) => text.trim()) };
  } finally {
    connection.close(!isDone);
  }
}

const versions = `CREATE TABLE ${schema}.migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());`;

/** Waits for another migration; asks again and again, so that a server that fell silent is noticed. */
async function waitForTurn(connection: Connection): Promise<void> {
  const deadline = performance.now() + wait.forMs;
  for (;;) {
    const { rows } = await connection.query('SELECT pg_try_advisory_xact_lock($1) AS held', [migrationLock]);
    if (rows[0].held === true) return;
    if (performance.now() > deadline) {
      const since = `for more than ${wait.forMs / 1_000} s`;
      throw new ForgeResumeError('SOURCE_BUSY', `another migration has been under way ${since}; try again behind it`);
    }
    await pause(wait.everyMs);
  }
}

/** Of SQL_ASCII a text is any bytes. */
const encodings: readonly string[] = ['UTF8', 'SQL_ASCII'];

/** One run that a server could not store would keep every call of its host out. */
async function refuseEncoding(connection: Connection): Promise<void> {
  const { rows } = await connection.query("SELECT current_setting('server_encoding') AS encoding");
  const [{ encoding }] = rows;
  if (encodings.includes(encoding)) return;
  const remedy = "name a database that was created with ENCODING 'UTF8' TEMPLATE template0";
  throw new ForgeResumeError(
    'STATE_UNSAFE',
    `${encoding}, the database's encoding, does not hold every run; ${remedy}`,
  );
}

/** Who owns the schema need not be allowed to create one, not even one that is there. */
async function schemaToMake(connection: Connection): Promise<string[]> {
  const { rows } = await connection.query('SELECT to_regnamespace($1) IS NOT NULL AS there', [schema]);
  return rows[0].there === true ? [] : [`CREATE SCHEMA ${schema};`];
}

async function versionOf(connection: Connection): Promise<number> {
  const { rows: tables } = await connection.query('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${schema}.migration`,
  ]);
  if (tables[0].there !== true) return 0;
  const { rows } = await connection.query(`SELECT coalesce(max(version), 0) AS version FROM ${schema}.migration`);
  return rows[0].version;
}

/**
 * Refuses tables of a newer release.
 *
 * @param version - theirs
 * @throws ForgeResumeError `JOURNAL_VERSION`
 */
export function refuseNewer(version: number): void {
  if (version <= migrations.length) return;
  const known = `version ${version}, this release knows ${migrations.length}`;
  throw new ForgeResumeError(
    'JOURNAL_VERSION',
    `the tables in ${schema} are of a newer release (${known}); update this package`,
  );
}
