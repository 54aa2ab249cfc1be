import { describe, expect, it } from 'vitest';
import { startCaller } from '../support/outside/caller.ts';
import { orderIn, projectWithRun } from '../support/outside/hand-over.ts';
import { useSubject } from '../support/outside/subject.ts';
import { liveRun } from '../support/runs.ts';
import { atOnceMs } from '../support/time-taken.ts';

describe('a holder that stands still with kernel lock and folder', () => {
  const subject = useSubject();

  it.each([
    ['its own session is up to date', 'busy', 's2', 'current_forge_active'],
    ['its own run has ended', 'done', 's3', 'current_forge_present'],
    ['the session cannot be found', 'nowhere', 's4', 'current_rcs_session_missing'],
    ['it names no conversation', 'third', '', 'payload_codex_identity_missing'],
  ])('promise 5: a call with nothing to write does not wait where %s', async (_name, current, conversation, reason) => {
    const sandbox = projectWithRun({}, 'third');
    sandbox.declare({ foreignLock: true, openJournal: true });
    const owner = { owner_codex_session_id: 's2', owner_rcs_session_id: 'busy', tmux_pane_id: '%1' };
    sandbox.putRun('busy', liveRun(owner));
    sandbox.putRun('done', liveRun({ active: false, owner_codex_session_id: 's3' }));
    const holder = await startCaller(subject().module);
    const held = holder.call(orderIn(sandbox, 'now', { deeds: { afterLockAcquired: 'stop' } }));
    await holder.stopped();
    const caller = await startCaller(subject().module);
    await caller.call({ ...orderIn(sandbox), stateDir: `${sandbox.project}/none` });
    const answer = await caller.call(orderIn(sandbox, current, { payloadSessionId: conversation }));
    holder.continue();
    expect(answer).toMatchObject({ result: { reason } });
    expect(answer === 'died' ? 9_999 : answer.millis).toBeLessThan(atOnceMs);
    expect(await held).toMatchObject({ result: { resumed: true } });
  });
});
