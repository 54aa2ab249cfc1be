import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { command } from './command.ts';

describe('end: the run of one session', () => {
  it('is marked as cancelled by the user, and no call resumes it', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ owner_rcs_session_id: 'old', plan: 'kept' }));
    const result = await command(sandbox, { kind: 'end', session: 'old' });
    expect(result).toMatchObject({
      reason: 'ended_by_user',
      resumed: false,
      ended: [{ session: 'old', location: sandbox.runFile('old'), stopReason: 'ended_by_user' }],
    });
    expect(sandbox.run('old')).toMatchObject({
      active: false,
      current_phase: 'cancelled',
      stop_reason: 'ended_by_user',
      plan: 'kept',
    });
    expect(Date.parse(String(sandbox.run('old')['completed_at']))).toBeGreaterThan(0);
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ reason: 'no_matching_prior_forge' });
  });

  it('keeps its bytes and its mode in quarantine first, and says where', async () => {
    const sandbox = makeSandbox();
    const file = sandbox.putRun('old', liveRun({ owner_rcs_session_id: 'old' }));
    fs.chmodSync(file, 0o600);
    fs.utimesSync(file, 1, 1);
    const before = sandbox.raw('old');
    const { ended = [] } = await command(sandbox, { kind: 'end', session: 'old' });
    const kept = sandbox.path('.forge-resume', 'quarantine', '1970-01-01T00-00-01-000Z-old-end');
    expect(ended).toMatchObject([{ kept }]);
    expect([fs.readFileSync(kept, 'utf8'), fs.statSync(kept).mode & 0o777]).toEqual([before, 0o600]);
  });

  it('ends nothing where its bytes cannot be kept', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun({ owner_rcs_session_id: 'old' }));
    sandbox.putOwnFolder();
    fs.writeFileSync(sandbox.path('.forge-resume', 'quarantine'), 'in the way');
    await expect(command(sandbox, { kind: 'end', session: 'old' })).rejects.toThrow();
    expect(sandbox.run('old')).toEqual(liveRun({ owner_rcs_session_id: 'old' }));
  });

  it('needs no current session, takes a run that is active beyond its end, and leaves others alone', async () => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 1 });
    sandbox.putRun('old', liveRun({ current_phase: 'complete' }));
    sandbox.putRun('other', liveRun());
    expect(await command(sandbox, { kind: 'end', session: 'old' }, { current: '' })).toMatchObject({
      reason: 'ended_by_user',
    });
    expect(sandbox.run('other')).toMatchObject({ active: true });
  });

  it('is refused for a live owner, and says that nothing is there to end', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun({ pid: process.pid }));
    const end = (more: object = {}) => command(sandbox, { kind: 'end', session: 'old', ...more });
    expect(await end()).toMatchObject({ reason: 'prior_owner_live', owner: { sign: 'process_alive' } });
    expect(sandbox.run('old')).toMatchObject({ active: true });
    expect(await end({ fromLive: true })).toMatchObject({ reason: 'ended_by_user' });
    expect(await end()).toMatchObject({ reason: 'no_matching_prior_forge' });
  });

  it('forgets where the run came from, and stays ended when the session that it came from calls', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ owner_rcs_session_id: 'old' }));
    await sandbox.call({ session: 's1' });
    await command(sandbox, { kind: 'end', session: 'now' });
    expect(fs.existsSync(sandbox.path('.forge-resume', 'trails', 'now.json'))).toBe(false);
    for (const current of ['old', 'now']) {
      expect(await sandbox.call({ current, session: 's1', comeHome: true })).toMatchObject({
        reason: 'current_forge_present',
      });
    }
  });
});
