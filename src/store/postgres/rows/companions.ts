import { protocol } from '../../../rules/protocol.ts';
import type { Connection } from '../database/connection.ts';
import { schema } from '../database/migrations.ts';

/** A file without which a run's runtime does not go on (src/rules/README.md#rule-7-transfer), as the database has it. */
export interface CompanionRow {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Whose companions. */
export interface CompanionOwner {
  /** The project's number. */
  readonly project: number;
  readonly session: string;
}

/** Reads the companions of a session; of foreign names and sizes none. */
export async function readCompanions(
  connection: Connection,
  { project, session }: CompanionOwner,
): Promise<readonly CompanionRow[]> {
  const { rows } = await connection.query(
    `SELECT name, bytes FROM ${schema}.companion
     WHERE project = $1 AND session = $2 AND name = ANY ($3) AND octet_length(bytes) <= $4 ORDER BY name`,
    [project, session, protocol.companions, protocol.limits.stateFileBytes],
  );
  return rows;
}

/**
 * What the companions of a session are, without their bytes.
 *
 * @returns the SHA-256 of each, in hexadecimal digits, by name
 */
export async function readCompanionHashes(
  connection: Connection,
  { project, session }: CompanionOwner,
): Promise<Readonly<Record<string, string>>> {
  const { rows } = await connection.query(
    `SELECT name, encode(sha256(bytes), 'hex') AS hash FROM ${schema}.companion WHERE project = $1 AND session = $2`,
    [project, session],
  );
  return Object.fromEntries(rows.map(({ name, hash }) => [name, hash]));
}

/** Whether a session has any. */
export async function hasCompanions(connection: Connection, { project, session }: CompanionOwner): Promise<boolean> {
  const text = `SELECT FROM ${schema}.companion WHERE project = $1 AND session = $2 LIMIT 1`;
  return (await connection.query(text, [project, session])).rowCount === 1;
}

/** Writes one companion, whatever stood there. */
export async function putCompanion(
  connection: Connection,
  { project, session }: CompanionOwner,
  { name, bytes }: CompanionRow,
): Promise<void> {
  await connection.query(
    `INSERT INTO ${schema}.companion (project, session, name, bytes) VALUES ($1, $2, $3, $4)
     ON CONFLICT (project, session, name) DO UPDATE SET bytes = excluded.bytes`,
    [project, session, name, bytes],
  );
}

/**
 * Removes companions.
 *
 * @param names - which; all by default
 */
export async function dropCompanions(
  connection: Connection,
  { project, session }: CompanionOwner,
  names?: readonly string[],
): Promise<void> {
  await connection.query(
    `DELETE FROM ${schema}.companion WHERE project = $1 AND session = $2 AND ($3::text[] IS NULL OR name = ANY ($3))`,
    [project, session, names ?? null],
  );
}

/**
 * Gives the companions of a session to another one, with its run.
 *
 * @param target - the other one; what it had gives way
 */
export async function moveCompanions(connection: Connection, source: CompanionOwner, target: string): Promise<void> {
  await dropCompanions(connection, { ...source, session: target });
  await connection.query(`UPDATE ${schema}.companion SET session = $3 WHERE project = $1 AND session = $2`, [
    source.project,
    source.session,
    target,
  ]);
}
