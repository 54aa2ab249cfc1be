import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { command } from './command.ts';

const bond = { owner_codex_session_id: 's1', tmux_pane_id: '%1', tmux_pane_set_at: '2026-01-01T00:00:00.000Z' };

/** A run that was handed over from `old` to `now`, and has counted a turn there. */
async function handedOver(fields: object = bond): Promise<Sandbox> {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun({ owner_rcs_session_id: 'old', iteration: 3, ...fields }));
  await sandbox.call({ session: 's1', pane: '%7' });
  const run = sandbox.run('now');
  sandbox.putRun('now', { ...run, iteration: 4, turn: '4' });
  return sandbox;
}

describe('undo: a run that was handed over', () => {
  it('goes back to the session that it came from, with its turn, to its owner and its pane', async () => {
    const sandbox = await handedOver();
    expect(await command(sandbox, { kind: 'undo' }, { pane: '%7' })).toMatchObject({
      reason: 'given_back_by_user',
      resumed: true,
      currentRcsSessionId: 'old',
      sourcePath: sandbox.runFile('now'),
      targetPath: sandbox.runFile('old'),
    });
    expect(sandbox.run('old')).toMatchObject({ active: true, iteration: 4, owner_rcs_session_id: 'old', ...bond });
    expect(sandbox.run('old')).not.toHaveProperty('stop_reason');
    expect(sandbox.run('now')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
  });

  it('can be taken back itself, again and again', async () => {
    const sandbox = await handedOver();
    for (const [from, to] of [
      ['now', 'old'],
      ['old', 'now'],
      ['now', 'old'],
    ] as const) {
      expect(await command(sandbox, { kind: 'undo', session: from })).toMatchObject({
        reason: 'given_back_by_user',
        currentRcsSessionId: to,
      });
      expect([sandbox.run(from)['active'], sandbox.run(to)['active']]).toEqual([false, true]);
    }
  });

  it('goes back along its way, one hand-over at a time, and stays in the session that it is given back to', async () => {
    const sandbox = await handedOver();
    sandbox.putSessions('third');
    await sandbox.call({ current: 'third', session: 's1' });
    await command(sandbox, { kind: 'undo', session: 'third' });
    expect(sandbox.run('now')).toMatchObject({ active: true });
    // A late writer of the session that gave it back changes nothing: it is ended as a copy.
    const run = sandbox.run('third');
    sandbox.putRun('third', { ...run, active: true, current_phase: 'building' });
    expect(await sandbox.call({ session: 's1' })).toMatchObject({ recovered: [{ outcome: 'copy_ended' }] });
  });

  it('takes back an adoption: the run is its first owner’s again', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun({ owner_codex_session_id: 'someone-else', owner_rcs_session_id: 'old' }));
    await command(sandbox, { kind: 'adopt', source: 'old' }, { session: 's1', pane: '%7' });
    await command(sandbox, { kind: 'undo' }, { session: 's1', pane: '%7' });
    expect(sandbox.run('old')).toMatchObject({ active: true, owner_codex_session_id: 'someone-else' });
    expect(sandbox.run('old')).not.toHaveProperty('tmux_pane_id');
  });

  it('also goes back where the file that was ended there is gone', async () => {
    const sandbox = await handedOver();
    fs.rmSync(sandbox.runFile('old'));
    expect(await command(sandbox, { kind: 'undo' })).toMatchObject({ reason: 'given_back_by_user' });
    expect(sandbox.run('old')).toMatchObject({ active: true, owner_codex_session_id: 's1' });
  });

  it('stays where it is if another run stands there, or it came from nowhere, or another transfer is meant', async () => {
    const occupied = await handedOver();
    occupied.putRun('old', liveRun({ started_at: 'later', active: false }));
    expect(await command(occupied, { kind: 'undo' })).toMatchObject({ reason: 'no_matching_prior_forge' });
    const settled = makeSandbox();
    settled.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    expect(await command(settled, { kind: 'undo' })).toMatchObject({ reason: 'no_matching_prior_forge' });
    const other = await handedOver();
    expect(await command(other, { kind: 'undo', transferId: 'another' })).toMatchObject({
      reason: 'no_matching_prior_forge',
    });
    expect(other.run('now')).toMatchObject({ active: true });
  });
});
