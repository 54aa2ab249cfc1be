import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { needsPostgres } from '../../support/postgres-server.ts';
import { type Ended, oneLine, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

const schema = 'forge_session_resume';

describe.runIf(needsPostgres())('store advice: what fails says what helps, and nothing that does not', () => {
  const store = useStoreServer();
  let host: StoreHost;

  beforeEach(async () => {
    host = new StoreHost(store.url(), randomUUID());
    expect(await host.run(['db', 'migrate'])).toMatchObject({ code: 0 });
  });

  const failed = (says: RegExp): Partial<Ended> => ({ code: 1, stderr: expect.stringMatching(says) });
  /** A host of a user who may do no more than these statements grant. */
  const hostOf = async (role: string, ...rights: readonly string[]): Promise<StoreHost> => {
    await store.ask(`CREATE ROLE ${role} LOGIN`);
    for (const right of rights) await store.ask(`${right} ${role}`);
    return new StoreHost(store.url(role), host.project);
  };

  it('a database that is not there is to be created, tables of a newer release are no reason to migrate', async () => {
    const url = store.url().replace(/postgres$/, 'nowhere');
    const says =
      /"nowhere" does not exist\. Create that database, or name another one: forge-resume store use <url>\n$/;
    expect(await new StoreHost(url, 'x').run(['status'])).toMatchObject(failed(says));
    await store.ask(`INSERT INTO ${schema}.migration (version) VALUES (99)`);
    expect(await host.run(['status'])).toMatchObject(failed(/; update this package\n$/));
    expect(await host.run(['db', 'migrate'])).toMatchObject(failed(/; update this package\n$/));
    await store.ask(`DELETE FROM ${schema}.migration WHERE version = 99`);
  }, 60_000);

  it('of a statement that the server would not do, nobody is told to see whether it answers', async () => {
    await store.ask(
      `CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE disk_full USING MESSAGE = 'no room'; END $$`,
    );
    await store.ask(`CREATE TRIGGER no_room BEFORE INSERT ON ${schema}.run EXECUTE FUNCTION no_room()`);
    onTestFinished(async () => void (await store.ask('DROP FUNCTION no_room CASCADE')));
    host.write('now', liveRun({ owner_rcs_session_id: 'now' }));
    const says = /a statement: no room\. That is for who runs postgres:\S+ to mend; the next call tries again\n$/;
    expect(await host.hook('now')).toEqual(oneLine(says));
  }, 60_000);

  it('what lies at this host’s files is not said of the database', async () => {
    const elsewhere = host.home;
    fs.mkdirSync(`${host.box.stateDir}/sessions`, { recursive: true });
    fs.symlinkSync(elsewhere, `${host.box.stateDir}/sessions/now`);
    expect(await host.hook('now')).toEqual(oneLine(/sessions\/now is a symbolic link\n$/));
    fs.unlinkSync(`${host.box.stateDir}/sessions/now`);
  }, 60_000);

  it('doctor names the rights to write that a user lacks, FR026, though it may read', async () => {
    const reader = await hostOf(
      'reader',
      `GRANT USAGE ON SCHEMA ${schema} TO`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO`,
    );
    const { stdout } = await reader.run(['doctor', '--json', '--only', 'FR026']);
    expect(JSON.parse(stdout).findings).toMatchObject([
      { id: 'FR026', evidence: expect.stringMatching(/^its user lacks INSERT on project, .*DELETE on history$/) },
    ]);
    reader.write('now', liveRun({ owner_rcs_session_id: 'now' }));
    const says = /the database refuses its user a right: permission denied .*\. The rights that are needed: /;
    expect(await reader.hook('now')).toEqual(oneLine(says));
    const all = await host.run(['doctor', '--json', '--only', 'FR026']);
    expect(JSON.parse(all.stdout).findings).toEqual([]);
  }, 60_000);

  it('db migrate: who owns the schema need not be allowed to create one', async () => {
    await store.ask(`DROP SCHEMA ${schema} CASCADE`);
    const owner = await hostOf('owner', `CREATE SCHEMA ${schema} AUTHORIZATION`);
    expect(await owner.run(['db', 'migrate'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^CREATE TABLE /),
    });
    await store.ask(`DROP SCHEMA ${schema} CASCADE`);
  }, 60_000);

  it('db migrate refuses a database whose encoding does not hold every run, and changes nothing', async () => {
    await store.ask("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    await store.ask("CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0");
    const hostOn = (database: string) => new StoreHost(store.url().replace(/postgres$/, database), 'x');
    const says =
      /^forge-resume db migrate: LATIN1, the database's encoding, .*; name a database .* TEMPLATE template0\n$/;
    for (const more of [['--dry-run'], []])
      expect(await hostOn('latin').run(['db', 'migrate', ...more])).toMatchObject(failed(says));
    const host = hostOn('bytes');
    expect(await host.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    host.write('now', liveRun({ owner_rcs_session_id: 'now', note: '→ 日本' }));
    expect(await host.hook('now')).toEqual(silent);
    host.box.putSessions('next');
    expect(await host.hook('next', 'SessionStart')).toEqual(silent);
    expect(host.box.run('next')).toMatchObject({ active: true, note: '→ 日本' });
  }, 60_000);

  it('db migrate: two at once make the tables once; one waits for the other', async () => {
    await store.ask(`DROP SCHEMA ${schema} CASCADE`);
    const both = await Promise.all([host.run(['db', 'migrate', '--json']), host.run(['db', 'migrate', '--json'])]);
    const told = both.map(({ stdout }) => JSON.parse(stdout)).sort((a, b) => a.from - b.from);
    expect(told).toMatchObject([{ from: 0 }, { from: told[0].to, statements: [] }]);
    const client = new pg.Client({ connectionString: store.url() });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query('BEGIN; SELECT pg_advisory_xact_lock(1718580084)');
    const waiting = host.run(['db', 'migrate']);
    await client.query('ROLLBACK');
    expect(await waiting).toMatchObject({ code: 0, stdout: expect.stringMatching(/Nothing to do/) });
  }, 60_000);

  it('a run that the database lost goes on in its own session once a person adopts it there', async () => {
    host.write('now', liveRun({ owner_rcs_session_id: 'now', iteration: 3 }));
    expect(await host.hook('now')).toEqual(silent);
    await store.ask(`DELETE FROM ${schema}.run`);
    host.write('now', { iteration: 4 });
    expect(await host.hook('now')).toEqual(oneLine(/RECOVERY_BLOCKED: .* this one by: forge-resume adopt now\n$/));
    const adopted = await host.run(['adopt', 'now', '--yes'], 'now');
    expect(adopted).toMatchObject({ code: 0, stderr: '', stdout: expect.not.stringMatching(/refused/) });
    expect(await host.hook('now')).toEqual(silent);
    host.write('now', { iteration: 5 });
    expect(await host.hook('now')).toEqual(silent);
    const rows = await store.ask(`SELECT session, active, iteration FROM ${schema}.run`);
    expect(rows).toEqual([{ session: 'now', active: true, iteration: 5 }]);
    expect(host.box.run('now')).toMatchObject({ active: true, iteration: 5 });
  }, 60_000);
});
