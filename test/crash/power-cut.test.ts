import { describe, expect, it } from 'vitest';
import { callLibrary } from '../support/child/call-library.ts';
import { reconcilePlainly } from '../support/child/plain.ts';
import { powerCutSummary, powerCuts } from '../support/power-cut-suite.ts';
import { allScenarios, ordinaryScenarios } from '../support/scenarios.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

const quick = [
  'transfer into a new folder',
  'refresh',
  'rollback',
  'companions',
  'recovery: home again',
  'end',
  'recovery: the caller is the source',
  'recovery: target ours in a new folder, source as before',
];
const scenarios = allScenarios.filter(({ name }) => quick.includes(name));

describe.runIf(needs('gcc'))('the power goes at every call that changes a file', () => {
  it('promises 1, 2 and 3: the next call leaves what it would have left', { timeout: 300_000 }, async () => {
    const pool = await SwitchPool.open('library');
    try {
      const report = await powerCuts(pool, scenarios, callLibrary, 16);
      console.log(powerCutSummary('power cuts', report));
      expect(report.scenarios).toBe(quick.length);
      expect(report.states).toBeGreaterThan(report.points);
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });

  it.each([
    ['the current session', 'sessions/now'],
    ['the sessions', 'sessions'],
    ['the journal', '.forge-resume/journal'],
  ])('finds fault with a transfer that does not sync the folder of %s', { timeout: 300_000 }, async (_what, folder) => {
    const pool = await SwitchPool.open('library', 1);
    try {
      const forgotten = ({ name, path }: { name: string; path: string }): boolean =>
        name === 'fsync' && path === folder;
      const report = await powerCuts(pool, scenarios.slice(0, 1), callLibrary, 4, forgotten);
      console.log(powerCutSummary(`power cuts, ${folder} not synced`, report));
      expect(report.violations.length).toBeGreaterThan(0);
    } finally {
      await pool.close();
    }
  });

  it('finds fault with an implementation that never syncs', { timeout: 300_000 }, async () => {
    const pool = await SwitchPool.open('plain', 1);
    try {
      const report = await powerCuts(pool, ordinaryScenarios.slice(0, 1), reconcilePlainly, 16);
      console.log(powerCutSummary('power cuts, plain implementation', report));
      expect(report.violations.join('\n')).toContain('sessions/prior/forge-state.json is neither old nor new');
    } finally {
      await pool.close();
    }
  });
});
