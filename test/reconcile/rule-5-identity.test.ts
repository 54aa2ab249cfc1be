import { describe, expect, it } from 'vitest';
import { liveRun, threadRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

describe('rule 5: no identity', () => {
  it.each([
    ['empty ids', { session: '', thread: '' }],
    ['blank ids', { session: ' \t', thread: '\n' }],
    ['null ids', { session: null, thread: null }],
    ['undefined ids', { session: undefined, thread: undefined }],
    ['ids that read as empty', { session: [], thread: [null] }],
  ])('rule 5: %s', async (_name, ids) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ owner_codex_session_id: '' }));
    sandbox.putRun('older', threadRun({ owner_codex_thread_id: ' ' }));
    const before = sandbox.snapshot();
    expect(await sandbox.call(ids)).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'payload_codex_identity_missing',
    });
    expect(sandbox.snapshot()).toEqual(before);
  });

  it.each([{ session: 's1' }, { thread: 't1' }])('rule 5: one id is enough to go on: %j', async (ids) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    expect((await sandbox.call(ids)).reason).toBe('no_matching_prior_forge');
  });

  it('rule 5: payloadThreadId is empty by default', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    const result = await sandbox.call({ session: '', thread: undefined });
    expect(result.reason).toBe('payload_codex_identity_missing');
  });
});
