import { describe, expect, it } from 'vitest';
import { observeSteps } from '../support/race/steps.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

const started = { active: true, current_phase: 'starting', iteration: 0, started_at: 'now', theirs: 'kept' };

describe('a runtime that starts a run in the current session between our read and our write', () => {
  it.each(['scanCandidates', 'findPane', 'prepare', 'writeTarget'])(
    'promise 2: before %s: its run survives, the prior one stays live',
    async (step) => {
      const sandbox = makeSandbox();
      const source = sandbox.putRun('old', liveRun());
      const before = sandbox.raw('old');
      sandbox.putSessions('now');
      let done = false;
      const onStep = (name: string): void => {
        if (name !== step || done) return;
        done = true;
        sandbox.putRun('now', started);
      };
      sandbox.declare({ liveRuns: 2 });
      const result = await sandbox.call({ session: 's1', inspect: observeSteps({ onStep }) });
      expect(result).toMatchObject({ reason: 'current_forge_active', resumed: false });
      expect(sandbox.run('now')).toMatchObject({ ...started, owner_rcs_session_id: 'now' });
      expect(sandbox.raw('old'), source).toBe(before);
    },
  );

  it.each(['scanCandidates', 'prepare', 'writeTarget'])(
    'promise 2: before %s, already ended: it is left as it is',
    async (step) => {
      const sandbox = makeSandbox();
      sandbox.putRun('old', liveRun());
      const before = sandbox.raw('old');
      sandbox.putSessions('now');
      const onStep = (name: string): void => {
        if (name === step && sandbox.raw('now') === undefined) sandbox.putRun('now', { ...started, active: false });
      };
      const result = await sandbox.call({ session: 's1', inspect: observeSteps({ onStep }) });
      expect(result).toMatchObject({ reason: 'current_forge_present', resumed: false });
      expect(sandbox.run('now')).toEqual({ ...started, active: false });
      expect(sandbox.raw('old')).toBe(before);
    },
  );

  it('rule 3: a current run that ends between read and refresh is present, not active, and is not written', async () => {
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun());
    const ended = liveRun({ active: false, current_phase: 'complete' });
    const onStep = (name: string): void => {
      if (name === 'updateOwner') sandbox.putRun('now', ended);
    };
    const result = await sandbox.call({ session: 's1', inspect: observeSteps({ onStep }) });
    expect(result).toMatchObject({ reason: 'current_forge_present', updatedCurrentOwner: false });
    expect(sandbox.run('now')).toEqual(ended);
  });
});
