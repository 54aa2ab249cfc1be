import { describe, expect, it } from 'vitest';
import { fixScenarios } from '../support/doctor/fix-scenarios.ts';
import { killFixes } from '../support/doctor/kill-fixes.ts';
import { summary } from '../support/matrix.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

describe.runIf(needs('gcc'))('doctor --fix killed at every call, whatever it mends', () => {
  it('promises 1, 2, 3 and 6: no byte is lost, and a second one leaves a healthy directory', async () => {
    const pool = await SwitchPool.open('doctor');
    try {
      const report = await killFixes(pool, fixScenarios);
      console.log(summary('doctor --fix', report));
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });
});
