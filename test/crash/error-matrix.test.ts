import { describe, expect, it } from 'vitest';
import { errorMatrix } from '../support/error-matrix.ts';
import { summary } from '../support/matrix.ts';
import { allScenarios, ordinaryScenarios } from '../support/scenarios.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

const quick = ['transfer', 'refresh', 'rollback', 'companions', 'undo', 'end'];

describe.runIf(needs('gcc'))('every call that changes a file fails', () => {
  it('rules 8 and 9: a typed error or a true result, and one owner', { timeout: 300_000 }, async () => {
    const pool = await SwitchPool.open('library');
    try {
      const scenarios = allScenarios.filter(({ name }) => quick.includes(name));
      const report = await errorMatrix(pool, scenarios, { errnos: ['ENOSPC', 'EIO'], modes: ['fail', 'fail-from'] });
      console.log(summary('error matrix', report));
      expect(report.runs).toBeGreaterThan(report.points);
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });

  it('finds fault with an implementation that does not roll back', { timeout: 60_000 }, async () => {
    const pool = await SwitchPool.open('plain');
    try {
      const scenarios = ordinaryScenarios.slice(0, 1);
      const report = await errorMatrix(pool, scenarios, { errnos: ['ENOSPC'], modes: ['fail', 'fail-from'] });
      console.log(summary('error matrix, plain implementation', report));
      const all = report.violations.join('\n');
      expect(all).toContain('threw Error ENOSPC');
      expect(all).toContain('live in [now,prior] at once');
    } finally {
      await pool.close();
    }
  });
});
