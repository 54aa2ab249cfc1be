import { describe, expect, it } from 'vitest';
import { killMatrix } from '../support/kill-matrix.ts';
import { summary } from '../support/matrix.ts';
import { allScenarios, ordinaryScenarios } from '../support/scenarios.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

const quick = [
  'transfer into a new folder',
  'refresh',
  'rollback',
  'litter',
  'stale lock',
  'recovery: target ours, source as before',
  'recovery: target ended, source as before',
  'recovery: the caller is the source, both moved on',
  'recovery: two transfers at once',
  'recovery: undone target back to life',
  'recovery: source back to life, met by a third session',
  'recovery: home again',
  'companions',
  'recovery: target and source moved on',
  'adopt',
  'undo',
  'end',
  'stale',
];
const scenarios = allScenarios.filter(({ name }) => quick.includes(name));

describe.runIf(needs('gcc'))('killed at every call that changes a file', () => {
  it('promises 1, 2, 3, 5 and 6: the next call leaves what it would have left', { timeout: 300_000 }, async () => {
    const pool = await SwitchPool.open('library');
    try {
      const report = await killMatrix(pool, scenarios);
      console.log(summary('kill matrix', report));
      expect(report.scenarios).toBe(quick.length);
      expect(report.runs).toBeGreaterThan(report.points);
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });

  it('finds fault with an implementation that has no journal', { timeout: 60_000 }, async () => {
    const pool = await SwitchPool.open('plain');
    try {
      const report = await killMatrix(pool, ordinaryScenarios.slice(0, 1));
      console.log(summary('kill matrix, plain implementation', report));
      const all = report.violations.join('\n');
      expect(all).toContain('neither old nor new');
      expect(all).toContain('live in [now,prior], not in [now]');
      expect(all).toContain('left over: .lock.forge-session-resume');
    } finally {
      await pool.close();
    }
  });
});
