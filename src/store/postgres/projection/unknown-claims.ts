import { isActiveRun } from '../../../rules/named-transfer.ts';
import { Connection } from '../database/connection.ts';
import type { PostgresPool } from '../database/driver.ts';
import { schema } from '../database/migrations.ts';
import { readHeads } from '../rows/run-row.ts';
import { isBehind } from './judge-local.ts';
import type { LocalRun } from './local-run.ts';
import { liveElsewhere, wasAdopted } from './meet-behind.ts';

/** A run of this host that the database does not know as this host has seen it. */
export interface UnknownClaim {
  /** The session that has it on this host. */
  readonly session: string;
  /** Whether the database has an earlier state of it. */
  readonly isEarlier: boolean;
  /** Another session that has the run by the database; undefined where none does. */
  readonly elsewhere: string | undefined;
}

/**
 * Finds the runs of a host of which a person must decide who goes on (src/store/postgres/README.md#after-a-promotion): those
 * that are active here or in the database. Takes no lock, writes nothing.
 *
 * @param pool - of the database
 * @param project - its name there
 * @param runs - all of this host
 * @throws ForgeResumeError `IO`, `LOCK_LOST` where the database is away, `STATE_UNSAFE` where tables or rights are missing
 */
export async function unknownClaims(
  pool: PostgresPool,
  project: string,
  runs: readonly LocalRun[],
): Promise<readonly UnknownClaim[]> {
  if (runs.every(({ note }) => note === undefined)) return [];
  const connection = await Connection.open(pool);
  let isDone = false;
  try {
    const { rows } = await connection.query(`SELECT id FROM ${schema}.project WHERE name = $1`, [project]);
    // Of a project that is not there nothing is found.
    const number: number = rows[0]?.id ?? 0;
    const ids = runs.map(({ id }) => id);
    const heads = await readHeads(connection, number, ids);
    const claims: UnknownClaim[] = [];
    for (const run of runs) {
      const { id: session, file, note } = run;
      const head = heads.get(session);
      if (file.kind !== 'run' || !isBehind(note, head)) continue;
      const isActive = isActiveRun(file.value) || head?.active === true;
      if (!isActive || wasAdopted(run, file.value, { runs, heads })) continue;
      const elsewhere = await liveElsewhere(connection, number, session, file.value);
      claims.push({ session, isEarlier: head !== undefined, elsewhere });
    }
    isDone = true;
    return claims;
  } finally {
    connection.close(!isDone);
  }
}
