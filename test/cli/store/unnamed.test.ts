import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { needsPostgres } from '../../support/postgres-server.ts';
import { oneLine, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { StoreHost } from '../../support/store/host.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

/** As a shell that lacks the variable, or a project that was moved. */
const unnamed = { FORGE_RESUME_STORE: '' };
const says = /are in a database that nothing names any more: .*store use <url>.*store forget/;

describe.runIf(needsPostgres())('a project whose runs are in a database that nothing names any more', () => {
  const store = useStoreServer();

  async function makeHost(): Promise<StoreHost> {
    const host = new StoreHost(store.url(), randomUUID());
    await host.run(['db', 'migrate']);
    host.write('launch-1', liveRun({ owner_rcs_session_id: 'launch-1' }));
    expect(await host.hook('launch-1')).toEqual(silent);
    host.box.putSessions('launch-2');
    return host;
  }

  it('one owner: no call is made on its files, by agents or by people, until one is named again', async () => {
    const host = await makeHost();
    const state = () => Object.entries(host.box.snapshot()).filter(([path]) => path.startsWith('.rcs/state'));
    const before = state();
    expect(await host.hook('launch-2', 'SessionStart', 's1', '')).toEqual(oneLine(says));
    for (const command of [['reconcile'], ['status'], ['why'], ['adopt', 'launch-1', '--yes'], ['store', 'show']]) {
      expect(await host.run(command, 'launch-2', '', unnamed)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(says),
      });
    }
    const { code, stdout } = await host.run(['doctor'], 'launch-2', '', unnamed);
    expect([code, stdout]).toEqual([3, expect.stringMatching(/^FR025 .*nothing names any more/s)]);
    expect(state()).toEqual(before);
    expect(await host.hook('launch-2', 'SessionStart')).toEqual(silent);
    expect(host.box.run('launch-2')).toMatchObject({ active: true });
  }, 60_000);

  it('store forget has its files count again', async () => {
    const host = await makeHost();
    const forgotten = await host.run(['store', 'forget'], '', '', unnamed);
    expect(forgotten).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Forgotten: .* in its files\.$/m) });
    expect(await host.hook('launch-2', 'SessionStart', 's1', '')).toEqual(silent);
    expect(host.box.run('launch-2')).toMatchObject({ active: true });
    // The database has the run where it was: what went on here is told from that by its end.
    expect(await host.hook('launch-1', 'Stop')).toEqual(silent);
    expect(host.box.run('launch-1')).toMatchObject({ active: false });
    expect(host.box.run('launch-2')).toMatchObject({ active: true });
  }, 60_000);
});

describe('a project whose notes of a database cannot be read', () => {
  it('is not called on its files; store forget says what to do', async () => {
    const host = new StoreHost('', 'x');
    host.box.putSessions('now');
    host.box.putRun('old', liveRun());
    fs.mkdirSync(host.box.path('.forge-resume'));
    fs.writeFileSync(host.box.path('.forge-resume/projected'), '');
    expect(await host.hook('now', 'SessionStart', 's1', '')).toEqual(oneLine(says));
    expect(host.box.run('old')).toMatchObject({ active: true });
    const { code, stderr } = await host.run(['store', 'forget'], '', '', unnamed);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/projected is no folder that could be read; move it away/),
    ]);
  });
});
