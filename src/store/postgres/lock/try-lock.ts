import type { Connection } from '../database/connection.ts';
import { refuseNewer } from '../database/migrate.ts';
import { schema } from '../database/migrations.ts';
import { timelineFloor } from '../rows/epoch.ts';
import { standInLine } from './stand-in-line.ts';
import { clock, lockClass, lockTimeoutMs } from './transaction.ts';

/** What one try is to do. */
export interface Try {
  /** Name of the project. */
  readonly name: string;
  /** How long a holder may stand still, milliseconds. */
  readonly limitMs: number;
  /** Whether it waits in no line. */
  readonly isBrief: boolean;
  /** Whether the tables were found to be of this release before. */
  readonly isKnown: boolean;
}

/** What one try came to. */
export type Tried =
  | { readonly kind: 'storeMissing' }
  | {
      readonly kind: 'held' | 'busy';
      /** The project's number. */
      readonly project: number;
      /** The number behind which epochs and versions of the server's timeline begin. */
      readonly floor: bigint;
      /** The instant of the try by the server's clock, ISO 8601. */
      readonly now: string;
    };

/**
 * Tries a project's lock once in a transaction, which has it until it ends. A try that is not brief waits in the server's line
 * for a moment: many that only came again and again would keep the server from serving the one that has it.
 *
 * @param connection - with an open transaction
 * @param wanted - what is tried
 * @throws ForgeResumeError `LOCK_LOST`, `IO`, `STATE_UNSAFE`, `JOURNAL_VERSION`
 */
export async function tryLock(connection: Connection, { name, limitMs, isBrief, isKnown }: Try): Promise<Tried> {
  if (!isKnown) {
    const { rows: versions } = await connection.query(`SELECT max(version) AS version FROM ${schema}.migration`);
    refuseNewer(versions[0].version);
  }
  const { rows } = await connection.query(
    `SELECT id, pg_try_advisory_xact_lock(${lockClass}, id) AS held, ${clock} AS now,
       ${timelineFloor} AS floor
     FROM ${schema}.project WHERE name = $1`,
    [name],
  );
  const [row] = rows;
  if (row === undefined) return { kind: 'storeMissing' };
  const seen = { project: Number(row.id), floor: BigInt(row.floor), now: String(row.now) };
  if (row.held === true) return { kind: 'held', ...seen };
  if (isBrief) return { kind: 'busy', ...seen };
  const lineMs = Math.ceil(Math.min(lockTimeoutMs, limitMs / 10));
  const now = await standInLine(connection, seen.project, lineMs);
  return now === undefined ? { kind: 'busy', ...seen } : { kind: 'held', ...seen, now };
}
