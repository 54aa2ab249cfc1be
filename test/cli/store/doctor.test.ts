import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noPid } from '../../support/doctor/fix-scenarios.ts';
import { ills } from '../../support/doctor/ills.ts';
import { age, contentAt, makePatient, type Patient } from '../../support/doctor/patient.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { liveRun } from '../../support/runs.ts';
import { useStoreServer } from '../../support/store/store-server.ts';

const healthy = { code: 0, stderr: '', findings: [], mended: [], unmended: [] };
/** Those that are of a store have none of their own here; FR002 is another matter on one. */
const isOfHost = (id: string): boolean => !/^FR0(02|22|23|24|25|26|29)$/.test(id);
const onHost = ills.filter(({ id, mendedBy, needs = () => true }) => mendedBy === 'fix' && isOfHost(id) && needs());

describe.runIf(needsPostgres())('doctor --fix where the runs are in PostgreSQL', () => {
  const store = useStoreServer();

  async function makeStorePatient(): Promise<Patient> {
    const patient = makePatient();
    patient.options = { env: { FORGE_RESUME_STORE: store.url(), FORGE_RESUME_PROJECT: randomUUID() } };
    expect(await patient.run(['db', 'migrate'])).toMatchObject({ code: 0 });
    return patient;
  }

  const call = (patient: Patient, session: string) =>
    patient.run(['reconcile', '--state-dir', patient.box.stateDir, '--session-id', 'nobody', '--json'], {
      env: { RCS_SESSION_ID: session },
    });

  it.each(onHost)(
    '$id, $what: mended on this host, stays so behind a call, and is put back',
    async (ill) => {
      const { id } = ill;
      const patient = await makeStorePatient();
      await ill.fall(patient);
      const file = ill.file(patient);
      const before = contentAt(file);
      const [finding, ...more] = (await patient.doctor()).findings;
      expect([finding?.id, finding?.file, more]).toEqual([id, file, []]);
      const mending = await patient.doctor('--fix');
      expect(mending).toMatchObject({ code: 0, stderr: '', findings: [], unmended: [], mended: [{ id, file }] });
      const [{ kept, undo } = { kept: null, undo: null }] = mending.mended;
      if (ill.gives === undefined && kept !== null) expect(fs.lstatSync(kept).isFile()).toBe(true);
      patient.box.putSessions('beside');
      await call(patient, 'beside');
      expect((await patient.doctor()).findings).toEqual([]);
      expect(undo).toEqual(finding?.undo);
      if (undo === null) return;
      await patient.follow(undo);
      if (ill.back === undefined) expect(contentAt(file)).toBe(before);
      else ill.back(patient);
      // What the test put there goes with the test.
      if (id === 'FR005') fs.unlinkSync(file);
      if (id === 'FR012') fs.rmSync(file, { recursive: true });
    },
    60_000,
  );

  it.each(['projected', 'quarantine'])(
    'FR005: what stands in the place of our folder %s is named, and moved out of the way; then calls go on',
    async (name) => {
      const patient = await makeStorePatient();
      const { box } = patient;
      box.putOwnFolder();
      const file = `${box.stateDir}/.forge-resume/${name}`;
      fs.writeFileSync(file, 'a note');
      box.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
      const [found, ...more] = (await patient.doctor()).findings;
      expect([found, more]).toMatchObject([{ id: 'FR005', file, evidence: 'it is no folder' }, []]);
      await patient.follow(found?.fixes[0] ?? []);
      expect(await patient.doctor()).toEqual(healthy);
      expect(await call(patient, 'now')).toMatchObject({ code: 0 });
      expect(box.run('now')).toMatchObject({ active: true });
      for (const left of [file, `${file}.aside`]) fs.rmSync(left, { recursive: true, force: true });
    },
    60_000,
  );

  it('FR002: the note of a hand-over on files goes to quarantine, since nothing would settle it', async () => {
    const patient = await makeStorePatient();
    const stopped = ills.find(({ what }) => what === 'a hand-over that was stopped before its first write');
    await stopped?.fall(patient);
    const file = stopped?.file(patient) ?? '';
    const before = contentAt(file);
    const [found] = (await patient.doctor()).findings;
    expect(found).toMatchObject({ id: 'FR002', evidence: expect.stringContaining('so that no call settles it') });
    const { mended } = await patient.doctor('--fix');
    expect(mended).toMatchObject([{ id: 'FR002', kept: expect.stringContaining('quarantine') }]);
    expect(contentAt(file)).toBeUndefined();
    expect(patient.box.run('old')).toMatchObject({ active: true });
    await patient.follow(mended[0]?.undo ?? []);
    expect(contentAt(file)).toBe(before);
  }, 60_000);

  it('FR006, FR007: the run is changed in the database, by the machine; what is put back goes there too', async () => {
    const patient = await makeStorePatient();
    const { box } = patient;
    box.putRun(
      'over',
      liveRun({ owner_rcs_session_id: 'over', current_phase: 'complete', owner_codex_session_id: 's8' }),
    );
    box.putRun('moved', liveRun({ owner_rcs_session_id: 'other', owner_codex_session_id: 's9' }));
    for (const id of ['over', 'moved']) age(box.runFile(id));
    box.putSessions('now');
    await call(patient, 'now');
    for (const id of ['over', 'moved']) age(box.runFile(id));
    const { mended } = await patient.doctor('--fix');
    expect(mended.map(({ id }) => id)).toEqual(['FR006', 'FR007']);
    const rows = () =>
      store.ask(
        `SELECT session, active, state->>'stop_reason' AS why, state->>'owner_rcs_session_id' AS owner
         FROM forge_session_resume.run WHERE session IN ('over', 'moved') ORDER BY session DESC`,
      );
    expect(await rows()).toEqual([
      { session: 'over', active: false, why: 'ended_by_user', owner: 'over' },
      { session: 'moved', active: true, why: null, owner: 'moved' },
    ]);
    expect(box.run('over')).toMatchObject({ active: false, stop_reason: 'ended_by_user' });
    for (const { undo } of mended) await patient.follow(undo ?? []);
    await call(patient, 'now');
    expect(await rows()).toEqual([
      { session: 'over', active: true, why: null, owner: 'over' },
      { session: 'moved', active: true, why: null, owner: 'other' },
    ]);
    const { events } = JSON.parse((await patient.run(['history', '--state-dir', box.stateDir, '--json'])).stdout);
    expect(events.map(({ what, reason }: { what: string; reason: string }) => `${what} ${reason}`).sort()).toEqual([
      'ended ended_by_user',
      'mended FR006',
      'mended FR007',
    ]);
  }, 60_000);

  it('FR001: the other one is ended by a command, of which nothing is promised that only files keep', async () => {
    const patient = await makeStorePatient();
    const two = ills.find(({ id }) => id === 'FR001');
    await two?.fall(patient);
    const found = await patient.doctor('--fix');
    expect(found).toMatchObject({ code: 4, findings: [{ id: 'FR001', undo: null }], mended: [], unmended: [] });
    const end = [...(found.findings[0]?.fixes[0] ?? []), '--from-live'];
    await patient.follow(end);
    expect(await patient.doctor()).toEqual(healthy);
    expect(patient.box.run('a')).toMatchObject({ active: false });
  }, 60_000);

  it('a database that is away: files are mended, runs are not, and each says why', async () => {
    const patient = makePatient();
    patient.options = { env: { FORGE_RESUME_STORE: 'postgres://me:gehe1m@127.0.0.1:1/runs' } };
    const { box } = patient;
    box.putRun('over', liveRun({ owner_rcs_session_id: 'over', current_phase: 'complete' }));
    fs.writeFileSync(box.path('session.json'), JSON.stringify({ session_id: 'a', pid: noPid }));
    for (const path of [box.runFile('over'), box.path('session.json')]) age(path);
    const before = contentAt(box.runFile('over'));
    const told = await patient.doctor('--fix');
    expect(told).toMatchObject({
      code: 4,
      findings: [{ id: 'FR022' }, { id: 'FR006' }],
      mended: [{ id: 'FR010' }],
      unmended: [{ id: 'FR006', message: expect.stringMatching(/ECONNREFUSED.*See that postgres:\/\/me@/) }],
    });
    expect(contentAt(box.runFile('over'))).toBe(before);
    patient.options = { env: { FORGE_RESUME_STORE: 'mysql://x/y' } };
    const broken = await patient.doctor('--fix');
    expect(broken.unmended).toMatchObject([{ id: 'FR006', message: expect.stringContaining('see FR025') }]);
    expect(JSON.stringify([told, broken])).not.toContain('gehe1m');
    expect(contentAt(box.runFile('over'))).toBe(before);
  }, 60_000);
});
