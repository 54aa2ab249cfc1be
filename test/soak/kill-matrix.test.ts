import { describe, expect, it } from 'vitest';
import { killMatrix } from '../support/kill-matrix.ts';
import { summary } from '../support/matrix.ts';
import { allScenarios } from '../support/scenarios.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

describe.runIf(needs('gcc'))('killed at every call, in every scenario', () => {
  it('promises 1, 2, 3, 5 and 6: the next call leaves what it would have left', async () => {
    const pool = await SwitchPool.open('library');
    try {
      const report = await killMatrix(pool, allScenarios);
      console.log(summary('kill matrix', report));
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });
});
