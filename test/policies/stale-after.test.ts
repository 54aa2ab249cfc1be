import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { type Content, makeSandbox, type Sandbox } from '../support/sandbox.ts';

const hour = 3_600_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const day = { staleAfter: 24 * hour };

function withPrior(fields: Readonly<Record<string, unknown>>, hoursOld = 0): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  put(sandbox, 'old', liveRun(fields), hoursOld);
  return sandbox;
}

function put(sandbox: Sandbox, id: string, content: Content, hoursOld = 0): void {
  const file = sandbox.putRun(id, content);
  const at = Date.now() / 1_000 - hoursOld * 3_600;
  fs.utimesSync(file, at, at);
}

const history = (sandbox: Sandbox): Record<string, unknown>[] =>
  fs
    .readFileSync(sandbox.path('.forge-resume', 'history.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the policy staleAfter', () => {
  it('is off by default: however old, a run is handed over', async () => {
    const sandbox = withPrior({ updated_at: ago(1_000 * hour) }, 1_000);
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ resumed: true });
  });

  it('ends a run that has been idle for longer, and says how old it was, the limit, and what told it', async () => {
    const sandbox = withPrior({ updated_at: ago(48 * hour), iteration: 7 });
    const result = await sandbox.call({ session: 's1', ...day });
    const ended = { session: 'old', stopReason: 'stale_active_state', limitMs: 24 * hour, source: 'updated_at' };
    expect(result).toMatchObject({
      reason: 'no_matching_prior_forge',
      resumed: false,
      ended: [{ ...ended, location: sandbox.runFile('old') }],
    });
    const [first] = result.ended ?? [];
    const ageMs = first?.stopReason === 'stale_active_state' ? first.ageMs : 0;
    expect(ageMs).toBeGreaterThanOrEqual(48 * hour);
    expect(ageMs).toBeLessThan(49 * hour);
    expect(sandbox.run('old')).toMatchObject({
      active: false,
      current_phase: 'cancelled',
      stop_reason: 'stale_active_state',
      iteration: 7,
    });
    expect(sandbox.run('old')['completed_at']).toEqual(expect.any(String));
    expect(sandbox.raw('now')).toBeUndefined();
    const { location: _location, ...line } = { ...ended, location: '' };
    expect(history(sandbox)).toMatchObject([{ outcome: 'ended', ...line, ageMs }]);
    expect(await sandbox.call({ session: 's1', ...day })).not.toHaveProperty('ended');
  });

  it('goes by the newest of updated_at, last_turn_at and tmux_pane_set_at, else by the time of the file', async () => {
    const [old, young] = [ago(48 * hour), ago(hour)];
    for (const field of ['updated_at', 'last_turn_at', 'tmux_pane_set_at']) {
      const fields = { updated_at: old, last_turn_at: old, tmux_pane_set_at: old, [field]: young };
      expect(await withPrior(fields, 48).call({ session: 's1', ...day }), field).toMatchObject({ resumed: true });
    }
    const written = await withPrior({ updated_at: 'soon' }, 48).call({ session: 's1', ...day });
    expect(written.ended).toMatchObject([{ source: 'mtime' }]);
    expect(await withPrior({}, 1).call({ session: 's1', ...day })).toMatchObject({ resumed: true });
    const ahead = withPrior({ updated_at: ago(-48 * hour) }, 48);
    expect(await ahead.call({ session: 's1', ...day })).toMatchObject({ resumed: true });
  });

  it('hands over the one that is left, of several that matched', async () => {
    const sandbox = withPrior({ updated_at: ago(hour) });
    put(sandbox, 'older', liveRun({ updated_at: ago(48 * hour), owner_rcs_session_id: 'older' }));
    const result = await sandbox.call({ session: 's1', ...day });
    expect(result).toMatchObject({ resumed: true, sourcePath: sandbox.runFile('old') });
    expect(result.ended).toMatchObject([{ session: 'older' }]);
  });

  it('leaves alone the runs of other conversations, ended ones, terminal ones and the current one', async () => {
    const old = { updated_at: ago(48 * hour) };
    const sandbox = withPrior({ ...old, owner_codex_session_id: 'someone-else' });
    sandbox.declare({ liveRuns: 1 });
    put(sandbox, 'ended', liveRun({ ...old, active: false }));
    put(sandbox, 'terminal', liveRun({ ...old, current_phase: 'failed' }));
    const before = sandbox.snapshot();
    expect(await sandbox.call({ session: 's1', ...day })).toMatchObject({ reason: 'no_matching_prior_forge' });
    expect(sandbox.snapshot()).toEqual(before);
    put(sandbox, 'now', liveRun({ ...old, owner_rcs_session_id: 'now' }));
    expect(await sandbox.call({ session: 's1', ...day })).toMatchObject({ reason: 'current_forge_active' });
    expect(sandbox.run('now')['active']).toBe(true);
  });

  it('does not end a run whose runtime counted a turn while the call was under way', async () => {
    const sandbox = withPrior({ updated_at: ago(48 * hour) });
    const hooks = {
      afterLockAcquired: () => put(sandbox, 'old', liveRun({ updated_at: ago(0), iteration: 9 })),
    };
    expect(await sandbox.call({ session: 's1', ...day, hooks })).toMatchObject({ resumed: true });
    expect(sandbox.run('now')['iteration']).toBe(9);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '12h'])(
    'refuses %s as no number of milliseconds',
    async (staleAfter) => {
      const call = makeSandbox().call({ session: 's1', staleAfter: staleAfter as number });
      await expect(call).rejects.toThrow(/staleAfter must be a positive number/);
    },
  );
});
