import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { reasons, reconcileForgeSessionResume } from '../../src/index.ts';
import { createScratchState, type ScratchOptions } from '../../src/testing/index.ts';
import { thrownBy } from '../support/runs.ts';

const scratch = (options: ScratchOptions) => {
  const state = createScratchState(options);
  onTestFinished(state.dispose);
  return state;
};
const conversation = { owner_codex_session_id: 'conversation-7' };
const reconcile = ({ stateDir, env }: ReturnType<typeof scratch>) =>
  reconcileForgeSessionResume({ stateDir, env, payloadSessionId: 'conversation-7' });

describe('a scratch state for tests of integrations', () => {
  it('a real call moves its run', async () => {
    const state = scratch({ current: 'launch-2', runs: { 'launch-1': { ...conversation, note: 'mine' } } });
    const result = await reconcile(state);
    expect(result).toMatchObject({ reason: reasons.resumed, currentRcsSessionId: 'launch-2' });
    expect(state.run('launch-2')).toMatchObject({ active: true, owner_rcs_session_id: 'launch-2', note: 'mine' });
    expect(state.run('launch-1')).toMatchObject({ active: false, current_phase: 'cancelled' });
  });

  it('session.json alone says which session is current', async () => {
    const { stateDir } = scratch({ current: 'launch-2', runs: { 'launch-1': conversation } });
    const result = await reconcileForgeSessionResume({ stateDir, env: {}, payloadSessionId: 'conversation-7' });
    expect(result).toMatchObject({ resumed: true, currentRcsSessionId: 'launch-2' });
  });

  it('fields replace the usual ones, undefined leaves one out, no run is no file', async () => {
    const state = scratch({ current: 'now', runs: { now: { active: false, current_phase: undefined } } });
    expect(state.run('now')).toEqual({
      active: false,
      iteration: 1,
      started_at: expect.any(String),
      owner_rcs_session_id: 'now',
    });
    expect(state.run('old')).toBeUndefined();
    expect(await reconcile(state)).toMatchObject({ reason: reasons.currentPresent });
    expect(readdirSync(state.project)).toEqual(['.rcs']);
  });

  it('what is no id of a session becomes no path', async () => {
    for (const options of [{ current: '../out' }, { current: 'now', runs: { '': {} } }]) {
      const thrown = await thrownBy((async () => scratch(options))());
      expect(String(thrown)).toContain('is no id of an RCS session');
    }
  });

  it('is gone when it is disposed of, also a second time', () => {
    const state = createScratchState({ current: 'now' });
    state.dispose();
    state.dispose();
    expect(existsSync(state.project)).toBe(false);
  });
});
