import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrations } from '../../../src/store/postgres/database/migrations.ts';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { liveRun, postgresHosts, type TestHosts } from '../../support/postgres-hosts.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePostgres } from '../../support/use-postgres.ts';

const schema = 'forge_session_resume';
/** As many as are kept. */
const most = 10_000;

describe.runIf(needsPostgres())('the history of the database is bounded', () => {
  const used = usePostgres();
  let hosts: TestHosts;
  let projects = 0;
  const name = (): string => `history-${projects}`;

  beforeEach(() => {
    projects += 1;
    hosts = postgresHosts(used.pool, name());
  });
  afterEach(() => hosts.remove());

  /** Number of lines of a project, and its oldest and newest. */
  const lines = async (project = name()): Promise<readonly unknown[]> => {
    const { rows } = await used.pool.query(
      `SELECT count(*)::int, min(line)::int, max(line)::int FROM ${schema}.history AS h
       JOIN ${schema}.project AS p ON p.id = h.project WHERE name = $1`,
      [project],
    );
    return Object.values(rows[0]);
  };
  const fill = (project: string, count: number) =>
    used.pool.query(
      `INSERT INTO ${schema}.history (project, line, entry) SELECT id, line, '{"outcome":"ended"}'
       FROM ${schema}.project, generate_series(1, ${count}) AS line WHERE name = $1`,
      [project],
    );

  it('the newest 10,000 entries of a project stay; those of other projects are not counted', async () => {
    const [desk, laptop] = [await hosts.host('desk'), await hosts.host('laptop')];
    desk.write('d1', liveRun());
    await desk.call('d1');
    expect(await lines()).toEqual([0, null, null]);
    await (await openPostgresStore({ pool: used.pool, project: 'beside' })).addSession('any');
    await fill('beside', 5);
    await fill(name(), most - 1);
    for (const session of ['l1', 'l2', 'l3']) {
      laptop.launch(session);
      expect(await laptop.call(session)).toMatchObject({ resumed: true });
    }
    expect(await lines()).toEqual([most, 3, most + 2]);
    expect(await lines('beside')).toEqual([5, 1, 5]);
    const past = await laptop.store.past({ limit: most });
    expect(past).toHaveLength(most);
    expect(past.slice(-2)).toMatchObject([{ target: 'l2' }, { target: 'l3' }]);
  });

  it('a migration numbers what is there by project, and keeps as many', async () => {
    await used.pool.query('CREATE DATABASE grown');
    const client = new pg.Client(used.server.connectionString.replace(/db=postgres$/, 'db=grown'));
    await client.connect();
    try {
      await client.query(`CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.migration (version integer)`);
      for (const migration of migrations.slice(0, 3)) await client.query(migration);
      await client.query(`INSERT INTO ${schema}.project (name) VALUES ('one'), ('other')`);
      await client.query(
        `INSERT INTO ${schema}.history (project, entry) SELECT 1 + (n % 4 = 0)::int, jsonb_build_object('n', n)
         FROM generate_series(1, ${2 * most}) AS n`,
      );
      for (const migration of migrations.slice(3)) await client.query(migration);
      const { rows } = await client.query(
        `SELECT project, count(*)::int, min(line)::int, max(line)::int, max((entry->>'n')::int) AS newest
         FROM ${schema}.history GROUP BY project ORDER BY project`,
      );
      expect(rows).toEqual([
        { project: 1, count: most, min: most / 2 + 1, max: (3 * most) / 2, newest: 2 * most - 1 },
        { project: 2, count: most / 2, min: 1, max: most / 2, newest: 2 * most },
      ]);
    } finally {
      await client.end();
    }
  });
});
