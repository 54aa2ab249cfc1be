import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopEvent } from '../../support/payloads.ts';
import { needsPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { oneLine, runProgram, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

describe.runIf(needsPostgres())('store advice: a standby only reads', () => {
  const store = useStoreServer();
  let standby: PostgresServer | undefined;

  beforeAll(async () => {
    standby = await startPostgres({}, { follows: store.server() });
  }, 120_000);
  afterAll(() => standby?.stop());

  it('is told as that, with what helps, by hook, status and doctor', async () => {
    const host = new StoreHost(store.url(), 'shop');
    expect(await host.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    host.write('now', liveRun({ owner_rcs_session_id: 'now' }));
    expect(await host.hook('now')).toEqual(silent);
    const [{ lsn } = {}] = await store.ask('SELECT pg_current_wal_lsn()::text AS lsn');
    await expect
      .poll(() => store.ask('SELECT FROM pg_stat_replication WHERE replay_lsn >= $1::pg_lsn', [lsn]), {
        timeout: 20_000,
      })
      .toHaveLength(1);
    const folder = encodeURIComponent(standby?.folder ?? '');
    const cwd = host.box.project;
    const env = {
      FORGE_RESUME_STORE: `postgres://postgres@${folder}/postgres`,
      FORGE_RESUME_PROJECT: 'shop',
      RCS_SESSION_ID: 'now',
    };
    const run = (args: readonly string[], input = '') => runProgram(args, { cwd, env, input });
    host.write('now', { iteration: 7 });
    const says = /the database only reads: it is a standby: .*\. Calls need one that takes writes: /;
    expect(await run(['hook'], stopEvent(cwd))).toEqual(oneLine(says));
    expect(await run(['status'])).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    const { stdout } = await run(['doctor', '--json', '--only', 'FR022']);
    expect(JSON.parse(stdout).findings).toMatchObject([{ evidence: expect.stringMatching(/it is a standby/) }]);
    expect(host.box.run('now')).toMatchObject({ active: true, iteration: 7 });
  }, 60_000);
});
