import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun, thrownBy } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

/** A project in which a call of `now` hands the run of `old` over. */
function withCandidate(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putRecord({ session_id: 'now' });
  fs.chmodSync(sandbox.putRun('old', `${JSON.stringify(liveRun())}\n`), 0o640);
  return sandbox;
}

/** Everything but the folder that stays on rollback. */
function untouched(sandbox: Sandbox): Record<string, string> {
  const { '.rcs/state/sessions/now': _folder, ...rest } = sandbox.snapshot();
  return rest;
}

const lockOf = (sandbox: Sandbox): string => sandbox.path('.lock.forge-session-resume');

describe('rule 8: afterTargetWrite fails', () => {
  it.each([
    [
      'throws',
      (error: unknown): unknown => {
        throw error;
      },
    ],
    ['rejects', (error: unknown): unknown => Promise.reject(error)],
    [
      'rejects later',
      async (error: unknown) => {
        await new Promise(setImmediate);
        throw error;
      },
    ],
  ])('rule 8: it %s: no target, the source as it was, no lock, the same error', async (_name, fail) => {
    const sandbox = withCandidate();
    const before = untouched(sandbox);
    const error = new Error('hook');
    const seen: boolean[] = [];
    const afterTargetWrite = (): unknown => {
      seen.push(fs.existsSync(sandbox.runFile('now')));
      return fail(error);
    };
    expect(await thrownBy(sandbox.call({ session: 's1', hooks: { afterTargetWrite } }))).toBe(error);
    expect(seen).toEqual([true]);
    expect(untouched(sandbox)).toEqual(before);
    expect(fs.readdirSync(sandbox.path('sessions', 'now'))).toEqual([]);
    expect(fs.existsSync(lockOf(sandbox))).toBe(false);
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ resumed: true });
  });

  it.each(['text', 7, null, undefined, { code: 'LOCK_LOST' }])('rule 9: %j is thrown as it is', async (thrown) => {
    const sandbox = withCandidate();
    const before = untouched(sandbox);
    const afterTargetWrite = (): unknown => Promise.reject(thrown);
    expect(await thrownBy(sandbox.call({ session: 's1', hooks: { afterTargetWrite } }))).toBe(thrown);
    expect(untouched(sandbox)).toEqual(before);
  });
});

describe('rule 8: the source changes between the two writes', () => {
  it('who else writes: progress that came meanwhile is in both files', async () => {
    const sandbox = withCandidate();
    const hooks = { afterTargetWrite: () => sandbox.putRun('old', liveRun({ iteration: 6, note: 'new' })) };
    expect(await sandbox.call({ session: 's1', hooks })).toMatchObject({ resumed: true });
    expect(sandbox.run('now')).toEqual(liveRun({ iteration: 6, note: 'new', owner_rcs_session_id: 'now' }));
    expect(sandbox.run('old')).toMatchObject({ active: false, iteration: 6, note: 'new' });
  });

  it('who else writes: progress that came before a rollback stays in the source', async () => {
    const sandbox = withCandidate();
    const error = new Error('hook');
    const hooks = {
      afterTargetWrite: () => {
        sandbox.putRun('old', liveRun({ iteration: 6 }));
        throw error;
      },
    };
    expect(await thrownBy(sandbox.call({ session: 's1', hooks }))).toBe(error);
    expect(sandbox.run('old')).toEqual(liveRun({ iteration: 6 }));
    expect(sandbox.raw('now')).toBeUndefined();
  });

  it.each([
    ['ended by its runtime', liveRun({ active: false, stop_reason: 'done' })],
    ['finished', liveRun({ current_phase: 'complete' })],
    ['given to another conversation', liveRun({ owner_codex_session_id: 's2' })],
  ])('protocol: a source %s meanwhile is no candidate any more', async (_name, run) => {
    const sandbox = withCandidate();
    const hooks = { afterTargetWrite: () => sandbox.putRun('old', run) };
    const result = await sandbox.call({ session: 's1', hooks });
    expect(result).toEqual({
      currentRcsSessionId: 'now',
      resumed: false,
      updatedCurrentOwner: false,
      reason: 'no_matching_prior_forge',
    });
    expect(sandbox.run('old')).toEqual(run);
    expect(sandbox.raw('now')).toBeUndefined();
  });
});
