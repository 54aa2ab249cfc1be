import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { command } from './command.ts';

const foreign = { owner_codex_session_id: 'someone-else', owner_rcs_session_id: 'old' };

function withForeignRun(fields: object = {}): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ ...foreign, ...fields }));
  return sandbox;
}

describe('adopt: the run of a session that a person names', () => {
  it('is handed over whoever owns it, and belongs to the caller then', async () => {
    const sandbox = withForeignRun({ iteration: 7 });
    const result = await command(sandbox, { kind: 'adopt', source: 'old' }, { session: 's1', pane: '%5' });
    expect(result).toMatchObject({ reason: 'adopted_by_user', resumed: true, currentRcsSessionId: 'now' });
    expect(result.owner).toMatchObject({ session: 'old', state: 'unknown' });
    expect(sandbox.run('now')).toMatchObject({
      active: true,
      iteration: 7,
      owner_rcs_session_id: 'now',
      owner_codex_session_id: 's1',
      tmux_pane_id: '%5',
    });
    expect(sandbox.run('old')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
  });

  it('keeps its conversation where the caller names none, and goes to a thread that is all that is known', async () => {
    const kept = withForeignRun();
    await command(kept, { kind: 'adopt', source: 'old' });
    expect(kept.run('now')['owner_codex_session_id']).toBe('someone-else');
    const threaded = withForeignRun();
    await command(threaded, { kind: 'adopt', source: 'old' }, { thread: 't1' });
    expect(threaded.run('now')).toMatchObject({ owner_codex_thread_id: 't1' });
    expect(threaded.run('now')).not.toHaveProperty('owner_codex_session_id');
  });

  it('is one of several that match', async () => {
    const sandbox = makeSandbox();
    sandbox.declare({ liveRuns: 2 });
    sandbox.putSessions('now');
    for (const id of ['one', 'two', 'three']) sandbox.putRun(id, liveRun({ owner_rcs_session_id: id }));
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ reason: 'multiple_matching_prior_forges' });
    sandbox.declare({ liveRuns: 3 });
    expect(await command(sandbox, { kind: 'adopt', source: 'two' }, { session: 's1' })).toMatchObject({
      resumed: true,
    });
    expect(['one', 'two', 'three'].map((id) => sandbox.run(id)['active'])).toEqual([true, false, true]);
  });

  it('may go to another session than the current one, if that is there', async () => {
    const sandbox = withForeignRun();
    sandbox.putSessions('third');
    expect(await command(sandbox, { kind: 'adopt', source: 'old', into: 'nowhere' })).toMatchObject({
      reason: 'current_rcs_session_missing',
    });
    await command(sandbox, { kind: 'adopt', source: 'old', into: 'third' });
    expect(sandbox.run('third')).toMatchObject({ active: true, owner_rcs_session_id: 'third' });
  });

  it('stays where it is while its owner lives, unless the person knows better', async () => {
    const sandbox = withForeignRun({ pid: process.pid });
    const before = sandbox.raw('old');
    const refused = await command(sandbox, { kind: 'adopt', source: 'old' });
    expect(refused).toMatchObject({
      reason: 'prior_owner_live',
      resumed: false,
      owner: { session: 'old', state: 'live', sign: 'process_alive' },
    });
    expect(sandbox.raw('old')).toBe(before);
    const forced = await command(sandbox, { kind: 'adopt', source: 'old', fromLive: true });
    expect(forced).toMatchObject({ reason: 'adopted_by_user', owner: { state: 'live' } });
  });

  it.each<[string, Readonly<Record<string, object>>, string, string?]>([
    ['another run in the current session', { now: { active: true } }, 'current_forge_active'],
    ['an ended run there', { now: { active: false } }, 'current_forge_present'],
    ['no such session', {}, 'no_matching_prior_forge', 'none'],
    ['a run that has ended', { old: { active: false } }, 'no_matching_prior_forge'],
    ['a run beyond its end', { old: { current_phase: 'Failed ' } }, 'no_matching_prior_forge'],
    ['an id that is none', {}, 'no_matching_prior_forge', '../old'],
  ])('%s: nothing is written', async (_name, runs, reason, source = 'old') => {
    const sandbox = withForeignRun();
    for (const [id, fields] of Object.entries(runs)) sandbox.putRun(id, liveRun({ started_at: id, ...fields }));
    const before = [sandbox.raw('old'), sandbox.raw('now')];
    expect(await command(sandbox, { kind: 'adopt', source }, { session: 's1', pane: '%9' })).toMatchObject({ reason });
    expect([sandbox.raw('old'), sandbox.raw('now')]).toEqual(before);
  });

  it('goes back where the call fails between the writes', async () => {
    const sandbox = withForeignRun();
    const before = sandbox.raw('old');
    const hooks = {
      afterTargetWrite: () => {
        throw new Error('no');
      },
    };
    await expect(command(sandbox, { kind: 'adopt', source: 'old' }, { hooks })).rejects.toThrow('no');
    expect(sandbox.raw('old')).toBe(before);
    expect(fs.existsSync(sandbox.runFile('now'))).toBe(false);
  });

  it('comes with a plan, which fits only what the person saw', async () => {
    const sandbox = withForeignRun();
    const plan = '0'.repeat(16);
    expect(await command(sandbox, { kind: 'adopt', source: 'old', plan })).toMatchObject({
      reason: 'plan_out_of_date',
    });
    expect(sandbox.run('old')).toMatchObject({ active: true });
  });
});
