import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ReconcileOptions } from '../../src/call/options.ts';
import type { CallReport } from '../../src/call/run-reported.ts';
import { bundleLibrary, runScript } from '../support/bundle.ts';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { whenStarted } from '../support/when-started.ts';

const name = 'forge-session-resume:call';

/** What is published until the test is over. */
function listen(): CallReport[] {
  const reports: CallReport[] = [];
  const subscriber = (message: unknown): void => void reports.push(message as CallReport);
  subscribe(name, subscriber);
  onTestFinished(() => void unsubscribe(name, subscriber));
  return reports;
}

const withCandidates = (...ids: readonly string[]): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  for (const id of ids) sandbox.putRun(id, liveRun());
  sandbox.declare({ liveRuns: ids.length });
  return sandbox;
};

describe('diagnostics channel', () => {
  it('a look is published as such', async () => {
    const reports = listen();
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    await sandbox.call({ session: 's1' });
    const { stateDir } = sandbox;
    expect(reports).toEqual([
      {
        stateDir,
        reason: 'current_forge_active',
        errorCode: null,
        durationMs: expect.any(Number),
        lockWaitMs: 0,
        decidedBy: 'look',
        candidates: 0,
        lock: null,
        lockHolder: null,
        isForeignRoot: false,
      },
    ]);
    expect(reports[0]?.durationMs).toBeGreaterThan(0);
  });

  it.each([
    ['a transfer', ['old'], 'resumed_same_codex_session'],
    ['several candidates', ['old', 'older', 'oldest'], 'multiple_matching_prior_forges'],
  ])('%s: which lock it held, and how many candidates it considered', async (_name, ids, reason) => {
    const reports = listen();
    await withCandidates(...ids).call({ session: 's1' });
    expect(reports).toMatchObject([{ reason, decidedBy: 'lock', lock: 'kernel', candidates: ids.length }]);
    const [{ lockWaitMs = -1, durationMs = 0 } = {}] = reports;
    expect(lockWaitMs).toBeGreaterThan(0);
    expect(lockWaitMs).toBeLessThan(durationMs);
  });

  it('no match: the candidates of a look are counted, too, whatever their phase', async () => {
    const reports = listen();
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ current_phase: 'blocked_on_user' }));
    await sandbox.call({ session: 's1' });
    expect(reports).toMatchObject([{ reason: 'no_matching_prior_forge', decidedBy: 'look', candidates: 1 }]);
  });

  it('a wait for the lock is measured', async () => {
    const reports = listen();
    const sandbox = withCandidates('old');
    let free: () => void = () => undefined;
    const isHeld = new Promise<void>((resolve) => {
      const release = new Promise<void>((done) => {
        free = done;
      });
      const afterLockAcquired = (): Promise<void> => {
        resolve();
        return release;
      };
      void sandbox.call({ session: 's1', hooks: { afterLockAcquired } });
    });
    await isHeld;
    sandbox.putSessions('next');
    // The wait begins with the attempt, however long the machine took to come to it.
    const inspect = whenStarted('acquireLock', () => setTimeout(free, 100));
    const waiting = sandbox.call({ current: 'next', session: 's1', inspect });
    await waiting;
    expect(reports).toHaveLength(2);
    expect(reports[1]?.lockWaitMs).toBeGreaterThan(80);
  });

  it('a call that gave up on the lock says who stood in the way', async () => {
    const reports = listen();
    const sandbox = withCandidates('old');
    const path = sandbox.putLock(`${process.pid}.${Date.now()}.00ff`);
    sandbox.declare({ foreignLock: true });
    await sandbox.call({ session: 's1' });
    const lockHolder = { path, pid: process.pid, isElsewhere: false, isStopped: false };
    expect(reports).toMatchObject([{ reason: 'resume_lock_timeout', decidedBy: 'lock', lock: null, lockHolder }]);
    expect(reports[0]?.lockWaitMs).toBeGreaterThan(4_900);
  });

  it('a call that throws is published with the code of what it throws', async () => {
    const reports = listen();
    const sandbox = withCandidates('old');
    const own = sandbox.path('.forge-resume');
    fs.writeFileSync(own, '');
    await thrownBy(sandbox.call({ session: 's1' }));
    fs.rmSync(own);
    const hooks = { afterLockAcquired: () => Promise.reject(new Error('of a hook')) };
    await thrownBy(sandbox.call({ session: 's1', hooks }));
    await thrownBy(sandbox.call({ session: 's1', signal: AbortSignal.abort() }));
    // Refused before it begins.
    await thrownBy(sandbox.call({ session: 's1', comeHome: 'yes' as never }));
    expect(reports).toMatchObject([
      { reason: null, errorCode: 'IO' },
      { reason: null, errorCode: 'UNKNOWN', lock: 'kernel' },
      { reason: null, errorCode: 'UNKNOWN', lock: null },
    ]);
  });

  it.runIf(process.getuid?.() === 0)("privileges: root in somebody else's state directory", async () => {
    const reports = listen();
    const sandbox = withCandidates('old');
    fs.chownSync(sandbox.stateDir, 65_534, 65_534);
    await sandbox.call({ session: 's1' });
    expect(reports).toMatchObject([{ reason: 'resumed_same_codex_session', isForeignRoot: true }]);
  });

  it('rule 9: a call is published when all is given back, and subscribers hear of it before its caller', async () => {
    const order: string[] = [];
    const sandbox = withCandidates('old');
    const subscriber = (): void => {
      order.push(`published, lock ${fs.existsSync(sandbox.path('.lock.forge-session-resume')) ? 'held' : 'free'}`);
    };
    subscribe(name, subscriber);
    onTestFinished(() => void unsubscribe(name, subscriber));
    await sandbox.call({ session: 's1' }).then(() => order.push('answered'));
    expect(order).toEqual(['published, lock free', 'answered']);
  });

  it('promise 1: a subscriber that throws changes no call; Node reports it as it does on every channel', async () => {
    const sandbox = withCandidates('old');
    const library = JSON.stringify(await bundleLibrary(sandbox.project));
    const call: ReconcileOptions = { stateDir: sandbox.stateDir, payloadSessionId: 's1', env: { SESSION_ID: 'now' } };
    const source = `
      import { subscribe } from 'node:diagnostics_channel';
      import { reconcileForgeSessionResume } from ${library};
      const thrown = [];
      process.on('uncaughtException', ({ message }) => thrown.push(message));
      subscribe('${name}', () => { throw new Error('of a subscriber'); });
      const results = [];
      for (let turn = 0; turn < 2; turn += 1) results.push(await reconcileForgeSessionResume(${JSON.stringify(call)}));
      await new Promise(setImmediate);
      console.log(JSON.stringify({ reasons: results.map(({ reason }) => reason), thrown }));`;
    expect(await runScript({ path: join(sandbox.project, 'listen.mjs'), source })).toEqual({
      reasons: ['resumed_same_codex_session', 'current_forge_active'],
      thrown: ['of a subscriber', 'of a subscriber'],
    });
  });
});
