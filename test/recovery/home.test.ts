import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useMemory } from '../hostile/in-memory.ts';
import { thrownBy } from '../support/runs.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { bringBack, callIn, handOver, liveIn } from './copies.ts';
import { quarantined, trailOf } from './journals.ts';

useMemory();

const comeHome = (sandbox: Sandbox, current: string, more: object = {}) =>
  sandbox.call({ session: 's1', current, comeHome: true, ...more });

describe('rule 4: a run comes home', () => {
  it('rule 4: only where that is asked for', async () => {
    const sandbox = await handOver('A', 'B');
    const before = sandbox.snapshot();
    expect((await callIn(sandbox, 'A')).reason).toBe('current_forge_present');
    expect(sandbox.snapshot()).toEqual(before);
    const result = await comeHome(sandbox, 'A');
    expect(result).toMatchObject({ resumed: true, sourcePath: sandbox.runFile('B'), targetPath: sandbox.runFile('A') });
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['A']);
    expect(sandbox.run('A')).toMatchObject({ owner_rcs_session_id: 'A' });
    expect(sandbox.run('A')).not.toHaveProperty('stop_reason');
    expect(trailOf(sandbox, 'A')).toMatchObject({ left: [{ session: 'B' }] });
    expect(trailOf(sandbox, 'B')).toMatchObject({ keeper: 'A' });
    expect(quarantined(sandbox).size).toBe(0);
  });

  it('rule 4: as often as the user goes back and forth, with what was done meanwhile', async () => {
    const sandbox = await handOver('A', 'B');
    for (let iteration = 6; iteration < 12; iteration += 2) {
      sandbox.putRun('B', { ...sandbox.run('B'), iteration, turn: `${iteration}.B` });
      expect((await comeHome(sandbox, 'A')).resumed).toBe(true);
      sandbox.putRun('A', { ...sandbox.run('A'), iteration: iteration + 1, turn: `${iteration + 1}.A` });
      expect((await comeHome(sandbox, 'B')).resumed).toBe(true);
      expect(sandbox.run('B')).toMatchObject({ iteration: iteration + 1, turn: `${iteration + 1}.A` });
      expect(liveIn(sandbox, ['A', 'B'])).toEqual(['B']);
    }
  });

  it('rule 4: over a chain, from wherever it is by now', async () => {
    const sandbox = await handOver('A', 'B', 'C');
    expect((await comeHome(sandbox, 'A')).sourcePath).toBe(sandbox.runFile('C'));
    expect(liveIn(sandbox, ['A', 'B', 'C'])).toEqual(['A']);
  });

  it('rule 4: and again after a late writer had brought it back to life', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    const result = await comeHome(sandbox, 'A');
    expect(result).toMatchObject({ resumed: true, recovered: [{ outcome: 'copy_ended' }] });
    expect(sandbox.run('A')['iteration']).toBe(9);
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['A']);
  });

  it('rule 4: and again though the trail of the copy that was just ended cannot be written', async () => {
    const sandbox = await handOver('A', 'B');
    bringBack(sandbox, 'A', { iteration: 9 });
    const inTheWay = sandbox.path('.forge-resume', 'trails', '.A.json.forge-resume');
    fs.mkdirSync(inTheWay);
    sandbox.declare({ own: new Set([inTheWay]) });
    const result = await comeHome(sandbox, 'A');
    expect(result).toMatchObject({ resumed: true, recovered: [{ outcome: 'copy_ended' }] });
    expect(result.warnings?.join()).toContain('the trail of A could not be written');
    expect((await callIn(sandbox, 'A')).reason).toBe('current_forge_active');
    expect(liveIn(sandbox, ['A', 'B'])).toEqual(['A']);
  });

  it.each<[string, string, (sandbox: Sandbox) => void]>([
    ['was changed since', 'current_forge_present', (s) => s.putRun('A', { ...s.run('A'), note: 'touched' })],
    ['has no trail', 'current_forge_present', (s) => fs.unlinkSync(s.path('.forge-resume', 'trails', 'A.json'))],
    ['has ended elsewhere', 'current_forge_present', (s) => s.putRun('B', { ...s.run('B'), active: false })],
    ['is gone elsewhere', 'current_forge_present', (s) => fs.unlinkSync(s.runFile('B'))],
    [
      'belongs to another conversation by now',
      'no_matching_prior_forge',
      (s) => s.putRun('B', { ...s.run('B'), owner_codex_session_id: 's2' }),
    ],
  ])('rule 4: not where the run %s: %s', async (_name, reason, change) => {
    const sandbox = await handOver('A', 'B');
    change(sandbox);
    const before = sandbox.snapshot();
    expect((await comeHome(sandbox, 'A')).reason).toBe(reason);
    expect(sandbox.snapshot()).toEqual(before);
  });

  it('rule 8: a hook that throws puts back what we had ended there', async () => {
    const sandbox = await handOver('A', 'B');
    const before = [sandbox.raw('A'), sandbox.raw('B')];
    const error = new Error('no');
    const afterTargetWrite = (): never => {
      throw error;
    };
    expect(await thrownBy(comeHome(sandbox, 'A', { hooks: { afterTargetWrite } }))).toBe(error);
    expect([sandbox.raw('A'), sandbox.raw('B')]).toEqual(before);
    expect((await comeHome(sandbox, 'A')).resumed).toBe(true);
  });
});
