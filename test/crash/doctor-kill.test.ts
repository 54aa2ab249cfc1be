import { describe, expect, it } from 'vitest';
import { fixScenarios } from '../support/doctor/fix-scenarios.ts';
import { killFixes } from '../support/doctor/kill-fixes.ts';
import { summary } from '../support/matrix.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

/** One of so many points of each fix, others in each; test/soak takes all. */
const every = 10;

describe.runIf(needs('gcc'))('doctor --fix killed at some of its calls that change a file', () => {
  it('promises 1, 2, 3 and 6: no byte is lost, and a second one leaves a healthy directory', {
    timeout: 120_000,
  }, async () => {
    const pool = await SwitchPool.open('doctor');
    try {
      const report = await killFixes(pool, fixScenarios, every);
      console.log(summary('doctor --fix', report));
      expect(report.runs).toBeGreaterThan(fixScenarios.length);
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });
});
