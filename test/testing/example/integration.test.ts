import { afterEach, expect, it } from 'vitest';
import { reconcileForgeSessionResume } from '../../../src/index.ts';
import { createScratchState, type ScratchState } from '../../../src/testing/index.ts';

let scratch: ScratchState;
afterEach(() => scratch.dispose());

it('a resumed conversation gets its run', async () => {
  scratch = createScratchState({
    current: 'launch-2',
    runs: { 'launch-1': { owner_codex_session_id: 'conversation-7', iteration: 3 } },
  });
  const { stateDir, env } = scratch;
  const result = await reconcileForgeSessionResume({ stateDir, env, payloadSessionId: 'conversation-7' });
  expect(result.reason).toBe('resumed_same_codex_session');
  expect(scratch.run('launch-2')).toMatchObject({ active: true, iteration: 3 });
  expect(scratch.run('launch-1')).toMatchObject({ active: false });
});
