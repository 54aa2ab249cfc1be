/** Gates in a database, at which a client's call stops until a test lets it go on. */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/**
 * Where a call stops: with the lock, and nothing written; with the transfer noted; with the target written; in the last
 * statement before COMMIT; in COMMIT, before it stands; behind it, before the transfer is settled.
 */
export type Moment = 'lock' | 'plan' | 'target' | 'write' | 'COMMIT' | 'settle';

/** Any number that no lock of ours uses. */
const gateClass = 7;
const schema = 'forge_session_resume';

/** The client that stops is known by its application's name. No time limit of its transaction ends the wait. */
const tables = `
CREATE SCHEMA gate;
CREATE FUNCTION gate.stop() RETURNS trigger LANGUAGE plpgsql SET lock_timeout TO 0 AS $$
DECLARE
  client text := current_setting('application_name');
BEGIN
  IF split_part(client, '.', 1) = TG_ARGV[0] THEN
    PERFORM pg_advisory_xact_lock(${gateClass}, split_part(client, '.', 2)::int);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER gate_lock AFTER UPDATE ON ${schema}.transfer FOR EACH STATEMENT EXECUTE FUNCTION gate.stop('lock');
CREATE TRIGGER gate_plan AFTER INSERT ON ${schema}.transfer FOR EACH ROW EXECUTE FUNCTION gate.stop('plan');
CREATE TRIGGER gate_target AFTER INSERT ON ${schema}.run FOR EACH ROW EXECUTE FUNCTION gate.stop('target');
CREATE TRIGGER gate_write AFTER UPDATE ON ${schema}.run FOR EACH ROW EXECUTE FUNCTION gate.stop('write');
CREATE CONSTRAINT TRIGGER gate_commit AFTER UPDATE ON ${schema}.run DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION gate.stop('COMMIT');
CREATE TRIGGER gate_settle AFTER UPDATE ON ${schema}.transfer FOR EACH ROW EXECUTE FUNCTION gate.stop('settle');
`;

/** One gate, closed until it is opened. */
export interface Gate {
  /** What the address of the client that is to stop says besides. */
  readonly parameter: string;
  /** Resolves to true once a client stands at it; to false where the client ended first. */
  readonly reached: (ended: Promise<unknown>) => Promise<boolean>;
  readonly open: () => Promise<void>;
}

/** Gates of one database. */
export interface Gates {
  readonly close: (moment: Moment) => Promise<Gate>;
  readonly end: () => Promise<void>;
}

/**
 * Puts gates into a database that has our tables.
 *
 * @param connectionString - of a superuser
 */
export async function putGates(connectionString: string): Promise<Gates> {
  // One session, which holds what is closed; those who ask it stand in line.
  const client = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 0 });
  await client.query(tables);
  let count = 0;
  return {
    close: async (moment) => {
      const number = ++count;
      await client.query('SELECT pg_advisory_lock($1, $2)', [gateClass, number]);
      return {
        parameter: `application_name=${moment}.${number}`,
        reached: async (ended) => {
          let isOver = false;
          const over = (): void => {
            isOver = true;
          };
          ended.then(over, over);
          for (;;) {
            const { rowCount } = await client.query(
              `SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND NOT granted`,
              [gateClass, number],
            );
            if (rowCount === 1) return true;
            if (isOver) return false;
            await pause(5);
          }
        },
        open: async () => {
          await client.query('SELECT pg_advisory_unlock($1, $2)', [gateClass, number]);
        },
      };
    },
    end: () => client.end(),
  };
}
