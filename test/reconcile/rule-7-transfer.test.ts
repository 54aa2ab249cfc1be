import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

const isRoot = process.getuid?.() === 0;

describe('rule 7: the order of a transfer', () => {
  it('rule 7: target first, then afterTargetWrite, then source', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const before = sandbox.raw('old');
    const seen: unknown[] = [];
    await sandbox.call({
      session: 's1',
      hooks: {
        afterLockAcquired: () => seen.push(sandbox.raw('now')),
        afterTargetWrite: async () => {
          await new Promise(setImmediate);
          seen.push(sandbox.run('now')['active'], sandbox.raw('old') === before);
        },
      },
    });
    expect(seen).toEqual([undefined, true, true]);
    expect(sandbox.run('old')['active']).toBe(false);
  });

  it('rule 7: both are replaced, never written in place; both have the source’s mode', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const source = sandbox.putRun('old', liveRun());
    fs.chmodSync(source, 0o640);
    const { ino } = fs.statSync(source);
    const open = fs.openSync(source, 'r');
    await sandbox.call({ session: 's1' });
    expect(fs.readFileSync(open, 'utf8')).toBe(JSON.stringify(liveRun(), null, 2));
    fs.closeSync(open);
    expect(fs.statSync(source).ino).not.toBe(ino);
    expect(fs.statSync(source).mode & 0o7777).toBe(0o640);
    expect(fs.statSync(sandbox.runFile('now')).mode & 0o7777).toBe(0o640);
  });

  it.each([
    [0o755, 0o750, 0o640],
    [0o2770, 0o2770, 0o660],
    [0o700, 0o700, 0o600],
  ])(
    'protocol: of a state directory of mode %o our folders have %o, our files %o, whatever the umask',
    async (mode, folders, files) => {
      const sandbox = makeSandbox();
      sandbox.putSessions('now');
      sandbox.putRun('old', liveRun());
      fs.chmodSync(sandbox.stateDir, mode);
      await sandbox.call({ session: 's1' });
      const modeOf = (...path: readonly string[]): number =>
        fs.statSync(sandbox.path('.forge-resume', ...path)).mode & 0o7777;
      for (const folder of ['', 'trails']) expect(modeOf(folder)).toBe(folders);
      for (const file of ['lock', 'history.jsonl', 'trails/now.json', 'trails/old.json'])
        expect(modeOf(file)).toBe(files);
    },
  );

  it.runIf(isRoot)('protocol: nothing is given to anybody; a replaced run keeps its group where we may', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const source = sandbox.putRun('old', liveRun());
    fs.chownSync(source, 4242, 4243);
    await sandbox.call({ session: 's1' });
    expect(fs.statSync(source)).toMatchObject({ uid: 0, gid: 4243 });
    expect(fs.statSync(sandbox.runFile('now'))).toMatchObject({ uid: 0, gid: 0 });
  });

  it('rule 7: the folder of the current session is created if needed, and only then', async () => {
    const sandbox = makeSandbox();
    sandbox.putRecord({ session_id: 'now' });
    const folder = sandbox.path('sessions', 'now');
    expect((await sandbox.call({ session: 's1' })).reason).toBe('no_matching_prior_forge');
    expect(fs.existsSync(folder)).toBe(false);
    sandbox.putRun('old', liveRun());
    expect((await sandbox.call()).reason).toBe('payload_codex_identity_missing');
    expect(fs.existsSync(folder)).toBe(false);
    const seen: boolean[] = [];
    const afterTargetWrite = (): unknown => seen.push(fs.existsSync(folder));
    expect((await sandbox.call({ session: 's1', hooks: { afterTargetWrite } })).resumed).toBe(true);
    expect(seen).toEqual([true]);
  });
});

describe('rule 7: what is left', () => {
  it('promise 6: nothing beside the two runs and our own folder', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    await sandbox.call({ session: 's1' });
    const runs = sandbox.tree().filter((path) => !path.startsWith('.rcs/state/.forge-resume/'));
    expect(runs).toEqual([
      '.rcs/',
      '.rcs/state/',
      '.rcs/state/sessions/',
      '.rcs/state/sessions/now/',
      '.rcs/state/sessions/now/forge-state.json',
      '.rcs/state/sessions/old/',
      '.rcs/state/sessions/old/forge-state.json',
    ]);
    const own = ['history.jsonl', 'lock', 'trails', 'trails/now.json', 'trails/old.json'];
    expect(fs.readdirSync(sandbox.path('.forge-resume'), { recursive: true }).sort()).toEqual(own);
  });

  it('rule 7: exactly once; the next call finds the run where it is, and it can move on to a third session', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now', 'third');
    sandbox.putRun('old', liveRun());
    expect((await sandbox.call({ session: 's1' })).resumed).toBe(true);
    expect(await sandbox.call({ session: 's1' })).toMatchObject({
      reason: 'current_forge_active',
      updatedCurrentOwner: false,
    });
    expect(await sandbox.call({ session: 's1', current: 'third' })).toMatchObject({
      resumed: true,
      sourcePath: sandbox.runFile('now'),
    });
    expect((await sandbox.call({ session: 's1', current: 'old' })).reason).toBe('current_forge_present');
  });
});
