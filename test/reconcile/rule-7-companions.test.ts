import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TransferNotice } from '../../src/call/options.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { atOnceMs } from '../support/time-taken.ts';

const skill = 'skill-active-state.json';
const state = 'run-state.json';
const read = (sandbox: Sandbox, id: string, name: string): string | undefined => {
  const path = sandbox.path('sessions', id, name);
  return fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : undefined;
};

function project(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  fs.writeFileSync(sandbox.path('sessions', 'old', skill), '{"skill":"old"}', { mode: 0o640 });
  fs.writeFileSync(sandbox.path('sessions', 'old', state), '{"state":"old"}');
  return sandbox;
}

const carry = { session: 's1', companions: 'carry' } as const;

describe('rule 7: files that go with a run', () => {
  it('rule 7: stay behind unless that is asked for', async () => {
    const sandbox = project();
    await sandbox.call({ session: 's1' });
    expect([read(sandbox, 'now', skill), read(sandbox, 'now', state)]).toEqual([undefined, undefined]);
  });

  it('rule 7: are there before the run is, with their bytes and modes, and stay in the source', async () => {
    const sandbox = project();
    let seen: (string | undefined)[] = [];
    const afterTargetWrite = (): void => {
      seen = [read(sandbox, 'now', skill), read(sandbox, 'now', state)];
    };
    expect((await sandbox.call({ ...carry, hooks: { afterTargetWrite } })).warnings).toBeUndefined();
    expect(seen).toEqual(['{"skill":"old"}', '{"state":"old"}']);
    expect(fs.statSync(sandbox.path('sessions', 'now', skill)).mode & 0o777).toBe(0o640);
    expect(read(sandbox, 'old', skill)).toBe('{"skill":"old"}');
  });

  it('rule 7: what the current session has of its own stays', async () => {
    const sandbox = project();
    fs.writeFileSync(sandbox.path('sessions', 'now', state), '{"state":"now"}');
    await sandbox.call(carry);
    expect([read(sandbox, 'now', skill), read(sandbox, 'now', state)]).toEqual(['{"skill":"old"}', '{"state":"now"}']);
  });

  it('rule 10: what cannot be read safely is passed over and said', async () => {
    const sandbox = project();
    fs.rmSync(sandbox.path('sessions', 'old', skill));
    fs.symlinkSync('/etc/passwd', sandbox.path('sessions', 'old', skill));
    fs.truncateSync(sandbox.path('sessions', 'old', state), 9 * 1024 * 1024);
    const { resumed, warnings } = await sandbox.call(carry);
    expect(resumed).toBe(true);
    expect(warnings).toEqual([expect.stringContaining(skill), expect.stringContaining(state)]);
    expect([read(sandbox, 'now', skill), read(sandbox, 'now', state)]).toEqual([undefined, undefined]);
  });

  it('rule 8: go again with the target, unless their runtime has changed them', async () => {
    const sandbox = project();
    const afterTargetWrite = (): never => {
      fs.writeFileSync(sandbox.path('sessions', 'now', state), '{"state":"moved"}');
      throw new Error('no');
    };
    await thrownBy(sandbox.call({ ...carry, hooks: { afterTargetWrite } }));
    expect([read(sandbox, 'now', skill), read(sandbox, 'now', state)]).toEqual([undefined, '{"state":"moved"}']);
  });

  it('rule 7: come home with the run, where they are as they were when it left', async () => {
    const sandbox = project();
    await sandbox.call(carry);
    fs.writeFileSync(sandbox.path('sessions', 'now', skill), '{"skill":"now"}');
    fs.writeFileSync(sandbox.path('sessions', 'now', state), '{"state":"now"}');
    fs.writeFileSync(sandbox.path('sessions', 'old', state), '{"state":"touched"}');
    expect((await sandbox.call({ ...carry, current: 'old', comeHome: true })).resumed).toBe(true);
    expect([read(sandbox, 'old', skill), read(sandbox, 'old', state)]).toEqual([
      '{"skill":"now"}',
      '{"state":"touched"}',
    ]);
    const kept = fs.readdirSync(sandbox.path('.forge-resume', 'quarantine'));
    expect(kept).toHaveLength(1);
  });
});

describe('the hooks of a transfer', () => {
  it('protocol "Transfer": are told what happens, the second one when all is settled, still under the lock', async () => {
    const sandbox = project();
    const told: [string, TransferNotice, boolean][] = [];
    const note = (name: string) => (notice: TransferNotice) => {
      told.push([name, notice, fs.existsSync(sandbox.path('.forge-resume', 'journal'))]);
      expect(fs.existsSync(sandbox.path('.lock.forge-session-resume'))).toBe(true);
    };
    const hooks = { afterTargetWrite: note('target'), afterCommit: note('commit') };
    const { sourcePath, targetPath } = await sandbox.call({ session: 's1', hooks });
    const notice = { from: 'old', to: 'now', sourcePath, targetPath, transferId: told[0]?.[1].transferId };
    expect(told).toEqual([
      ['target', notice, true],
      ['commit', notice, false],
    ]);
  });

  it('protocol "Transfer": what afterCommit throws is a warning, and an abort inside it changes nothing', async () => {
    const sandbox = project();
    const controller = new AbortController();
    const afterCommit = (): never => {
      controller.abort(new Error('too late'));
      throw new Error('not so important');
    };
    const result = await sandbox.call({ session: 's1', signal: controller.signal, hooks: { afterCommit } });
    expect(result.resumed).toBe(true);
    expect(result.warnings).toEqual([expect.stringContaining('not so important')]);
  });

  it.each(['afterLockAcquired', 'afterTargetWrite', 'afterCommit'] as const)(
    'protocol "Lock": a call that %s makes on the same directory is refused at once',
    async (name) => {
      const sandbox = project();
      const codes: unknown[] = [];
      const again = async (path: string): Promise<void> => {
        await sandbox.call({ session: 's1', stateDir: path }).catch((error) => codes.push(error.code));
      };
      const link = `${sandbox.project}/link`;
      fs.symlinkSync(sandbox.stateDir, link);
      const hook = async (): Promise<void> => {
        await again(sandbox.stateDir);
        await new Promise((resolve) => setImmediate(resolve));
        await again(link);
      };
      const started = performance.now();
      expect((await sandbox.call({ session: 's1', hooks: { [name]: hook } })).resumed).toBe(true);
      expect(codes).toEqual(['REENTRANT', 'REENTRANT']);
      expect(performance.now() - started).toBeLessThan(atOnceMs);
    },
  );

  it('protocol "Lock": a call on another directory is served, and one that a hook leaves running, later', async () => {
    const [sandbox, other] = [project(), project()];
    let later: Promise<unknown> | undefined;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const afterTargetWrite = async (): Promise<void> => {
      expect((await other.call({ session: 's1' })).resumed).toBe(true);
      later = released.then(() => sandbox.call({ session: 's1' }));
    };
    await sandbox.call({ session: 's1', hooks: { afterTargetWrite } });
    release();
    expect(await later).toMatchObject({ reason: 'current_forge_active' });
  });

  it('protocol "Lock": a call that nobody’s hook made waits in line, however long the hook takes', async () => {
    const sandbox = project();
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    let began: () => void = () => undefined;
    const inHook = new Promise<void>((resolve) => {
      began = resolve;
    });
    const afterTargetWrite = async (): Promise<void> => {
      began();
      await opened;
    };
    const first = sandbox.call({ session: 's1', hooks: { afterTargetWrite } });
    await inHook;
    const second = sandbox.call({ session: 's1', pane: '%5' });
    open();
    expect((await first).resumed).toBe(true);
    expect((await second).reason).toBe('current_forge_active');
  });
});

describe('the state directory is resolved once', () => {
  it('protocol "Lock": a hook that changes the working folder changes nothing; result paths stay as given', async () => {
    const sandbox = project();
    const before = process.cwd();
    process.chdir(sandbox.project);
    try {
      const afterTargetWrite = (): void => process.chdir('/');
      const result = await sandbox.call({ session: 's1', stateDir: '.rcs/state', hooks: { afterTargetWrite } });
      expect(result).toMatchObject({ resumed: true, targetPath: '.rcs/state/sessions/now/forge-state.json' });
    } finally {
      process.chdir(before);
    }
    expect(sandbox.run('old')['active']).toBe(false);
  });

  it('rule 1: a relative one in a folder that was removed does not exist', async () => {
    const sandbox = makeSandbox();
    const folder = `${sandbox.project}/gone`;
    fs.mkdirSync(folder);
    const before = process.cwd();
    process.chdir(folder);
    try {
      fs.rmdirSync(folder);
      expect((await sandbox.call({ session: 's1', stateDir: '.rcs/state' })).reason).toBe(
        'current_rcs_session_missing',
      );
      const hooks = { afterLockAcquired: () => undefined };
      const locked = await sandbox.call({ session: 's1', stateDir: '.rcs/state', hooks });
      expect(locked.reason).toBe('current_rcs_session_missing');
    } finally {
      process.chdir(before);
    }
  });
});
