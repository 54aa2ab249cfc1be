import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** A project with a run to hand over, and a hook that loses the lock between the two writes. */
function withLoss(): { readonly sandbox: Sandbox; readonly afterTargetWrite: () => void } {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  const lock = sandbox.path('.lock.forge-session-resume');
  const afterTargetWrite = (): void => {
    fs.rmSync(lock, { recursive: true });
    sandbox.putLock(`${process.pid}.${Date.now()}.ab`);
  };
  return { sandbox, afterTargetWrite };
}

describe('protocol: the lock is lost between the two writes', () => {
  it('protocol: it is taken again once the other has gone, and the transfer is finished', async () => {
    const { sandbox, afterTargetWrite } = withLoss();
    const call = sandbox.call({
      session: 's1',
      hooks: {
        afterTargetWrite: () => {
          afterTargetWrite();
          setTimeout(() => fs.rmSync(sandbox.path('.lock.forge-session-resume'), { recursive: true }), 100);
        },
      },
    });
    const result = await call;
    expect(result).toMatchObject({ reason: 'current_forge_active', recovered: [{ outcome: 'completed' }] });
    expect([sandbox.run('now')['active'], sandbox.run('old')['active']]).toEqual([true, false]);
  });

  it('protocol: where it stays lost the call throws LOCK_LOST, and the next one finishes the transfer', async () => {
    const { sandbox, afterTargetWrite } = withLoss();
    const source = sandbox.raw('old');
    const error = await thrownBy(sandbox.call({ session: 's1', hooks: { afterTargetWrite } }));
    expect(error).toMatchObject({ name: 'ForgeResumeError', code: 'LOCK_LOST' });
    expect(sandbox.raw('old')).toBe(source);
    expect(sandbox.run('now')['active']).toBe(true);
    const lock = sandbox.path('.lock.forge-session-resume');
    expect(fs.existsSync(lock)).toBe(true);
    fs.rmSync(lock, { recursive: true });
    expect(await sandbox.call({ session: 's1' })).toMatchObject({
      reason: 'current_forge_active',
      recovered: [{ outcome: 'completed' }],
    });
    expect([sandbox.run('now')['active'], sandbox.run('old')['active']]).toEqual([true, false]);
  });
});
