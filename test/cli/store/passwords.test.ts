import fs from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { logOf, oneLine, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { openDeafServer } from '../../support/store/deaf-server.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

/** With all that a line of the password file must escape. */
const password = 'ge:he\\1m@#%/?';
const escaped = password.replaceAll(/[\\:]/g, (char) => `\\${char}`);

describe.runIf(needsPostgres())('store passwords: the user’s file is read, and what is missing there is told', () => {
  const store = useStoreServer();

  beforeAll(async () => {
    const [{ hba_file: hba } = {}] = await store.ask("SELECT current_setting('hba_file') AS hba_file");
    await store.ask(`CREATE ROLE locked SUPERUSER LOGIN PASSWORD '${password}'`);
    await store.ask(
      `COPY (SELECT line FROM (VALUES (1, 'local all locked scram-sha-256'), (2, 'local all all trust')) AS l (n, line) ORDER BY n) TO '${hba}'`,
    );
    await store.ask('SELECT pg_reload_conf()');
    const runs = await openPostgresStore({ connectionString: store.url(), project: 'shop' });
    await runs.migrate();
    await runs.close();
  }, 120_000);

  const putFile = ({ home }: StoreHost, text: string, mode = 0o600): void => {
    fs.writeFileSync(join(home, '.pgpass'), text);
    fs.chmodSync(join(home, '.pgpass'), mode);
  };

  it('one that fits is used: an agent hears nothing, not even what the driver warns of', async () => {
    const host = new StoreHost(store.url('locked'), 'shop');
    const { folder } = store.server();
    const lines = ['# of mine', '*:*:other:*:wrong', `${folder}:5432:postgres:locked:${escaped}`, '*:*:*:*:late'];
    putFile(host, `${lines.join('\n')}\n`);
    host.write('now', liveRun({ owner_rcs_session_id: 'now' }));
    expect(await host.hook('now')).toEqual(silent);
    host.write('now', { iteration: 9 });
    expect(await host.hook('now')).toEqual(silent);
    expect(await host.run(['status'], 'now')).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);

  it.each<[what: string, file: (host: StoreHost) => void, says: RegExp]>([
    [
      'there is no file',
      () => undefined,
      /there is no \S+\/\.pgpass; keep it there as host:port:database:user:password/,
    ],
    [
      'others may read it',
      (host) => putFile(host, `*:*:*:*:${escaped}\n`, 0o640),
      /\.pgpass is open to other users; close it: chmod 600 /,
    ],
    ['it is a folder', ({ home }) => fs.mkdirSync(join(home, '.pgpass')), /\.pgpass is no plain file/],
    [
      'no line fits',
      (host) => putFile(host, `*:*:*:other:${escaped}\n`),
      /no line of \S+\.pgpass is for \S+:5432:postgres:locked; add one/,
    ],
  ])(
    'where %s, one line says so',
    async (_what, make, says) => {
      const host = new StoreHost(store.url('locked'), 'shop');
      make(host);
      host.box.putSessions('now');
      const ended = [await host.hook('now'), await host.run(['status'])];
      expect(ended).toEqual([
        oneLine(says),
        { code: 1, signal: null, stdout: '', stderr: expect.stringMatching(says) },
      ]);
      expect(JSON.stringify([ended, logOf(host.box.project)])).not.toContain('1m@#');
    },
    60_000,
  );

  it.runIf(process.getuid?.() === 0)(
    'root in the project of a user reads its own, though not as root',
    async () => {
      const host = new StoreHost(store.url('locked'), 'shop');
      putFile(host, `*:*:*:*:${escaped}\n`);
      fs.chmodSync(store.server().folder, 0o711);
      host.box.putSessions('now');
      for (const path of ['', ...host.box.tree()]) fs.chownSync(join(host.box.project, path), 65_534, 65_534);
      fs.chmodSync(host.box.project, 0o755);
      expect(await host.hook('now')).toEqual(silent);
    },
    60_000,
  );
});

describe('store warnings: what the driver warns of is no line for an agent', () => {
  it('with sslmode=require one line says what failed', async () => {
    const { port } = await openDeafServer();
    const host = new StoreHost(`postgres://me@127.0.0.1:${port}/x?sslmode=require`, 'shop');
    host.box.putSessions('now');
    expect(await host.hook('now')).toEqual(oneLine(/the database/));
  }, 30_000);
});
