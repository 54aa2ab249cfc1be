import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const owner = { owner_rcs_session_id: 'old' };
const here = { pid: process.pid };

function withPrior(fields: object = {}): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ ...owner, ...fields }));
  return sandbox;
}

describe('the policy requireDeadOwner', () => {
  it('is off by default: whether the owner lives is not asked', async () => {
    const result = await withPrior(here).call({ session: 's1' });
    expect(result).toMatchObject({ resumed: true });
    expect(result).not.toHaveProperty('owner');
  });

  it('leaves the run of an owner that lives, and says by which sign', async () => {
    const sandbox = withPrior(here);
    const before = sandbox.snapshot();
    expect(await sandbox.call({ session: 's1', requireDeadOwner: true })).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'prior_owner_live',
      owner: { session: 'old', state: 'live', sign: 'process_alive' },
    });
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('goes by session.json as well, and by a turn of the last minute', async () => {
    const named = withPrior();
    named.putRecord({ session_id: 'old', ...here });
    expect(await named.call({ session: 's1', requireDeadOwner: true })).toMatchObject({ reason: 'prior_owner_live' });
    const turned = withPrior({ last_turn_at: new Date().toISOString() });
    expect(await turned.call({ session: 's1', requireDeadOwner: true })).toMatchObject({
      owner: { sign: 'recent_turn' },
    });
  });

  it('takes the run of an owner that is dead, or of which nothing tells', async () => {
    for (const fields of [{}, { pid: 2 ** 30 }]) {
      expect(await withPrior(fields).call({ session: 's1', requireDeadOwner: true })).toMatchObject({ resumed: true });
    }
  });

  it('keeps a stale run from being ended where its owner lives', async () => {
    const sandbox = withPrior({ ...here, updated_at: '2026-01-02T03:04:05.000Z' });
    const policies = { requireDeadOwner: true, staleAfter: 1_000 };
    expect(await sandbox.call({ session: 's1', ...policies })).toMatchObject({ reason: 'prior_owner_live' });
    expect(sandbox.run('old')['active']).toBe(true);
  });
});

describe('the policy refuseForeignOwner', () => {
  const withCurrent = (fields: object): Sandbox => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now', tmux_pane_id: '%1', ...fields }));
    return sandbox;
  };
  const foreign = { owner_codex_session_id: 'someone-else' };

  it("is off by default: a call with another conversation's payload takes the pane", async () => {
    const sandbox = withCurrent(foreign);
    expect(await sandbox.call({ session: 's1', pane: '%9' })).toMatchObject({ updatedCurrentOwner: true });
    expect(sandbox.run('now')['tmux_pane_id']).toBe('%9');
  });

  it.each([
    ['another session', foreign, { session: 's1' }],
    ['another session, by thread alone', foreign, { thread: 'someone-else' }],
    ['another thread', { owner_codex_session_id: '', owner_codex_thread_id: 't9' }, { thread: 't1' }],
    ['another session, where nobody calls', foreign, {}],
  ])('writes nothing where the run names %s, by a look and under the lock', async (_name, fields, ids) => {
    for (const hooks of [{}, { afterLockAcquired: () => undefined }]) {
      const sandbox = withCurrent(fields);
      const before = sandbox.snapshot();
      expect(await sandbox.call({ ...ids, pane: '%9', refuseForeignOwner: true, hooks })).toEqual({
        currentRcsSessionId: 'now',
        resumed: false,
        updatedCurrentOwner: false,
        reason: 'current_forge_foreign',
        targetPath: sandbox.runFile('now'),
      });
      expect(sandbox.snapshot()).toEqual(before);
      if (!('afterLockAcquired' in hooks)) expect(sandbox.tree()).not.toContain('.rcs/state/.forge-resume/');
    }
  });

  it.each([
    ['its own session', {}, { session: 's1' }],
    ['its own thread', { owner_codex_session_id: '', owner_codex_thread_id: 't1' }, { session: 's1', thread: 't1' }],
    ['nobody', { owner_codex_session_id: ' ' }, { session: 's1' }],
  ])('binds the pane where the run names %s', async (_name, fields, ids) => {
    const sandbox = withCurrent(fields);
    expect(await sandbox.call({ ...ids, pane: '%9', refuseForeignOwner: true })).toMatchObject({
      reason: 'current_forge_active',
      updatedCurrentOwner: true,
    });
  });
});
