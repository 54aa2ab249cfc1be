import { describe, expect, it } from 'vitest';
import { callLibrary } from '../support/child/call-library.ts';
import { powerCutSummary, powerCuts } from '../support/power-cut-suite.ts';
import { allScenarios } from '../support/scenarios.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

/** States taken at a point where not all can be. */
const most = Number(process.env['FORGE_RESUME_CUTS'] ?? 200);

describe.runIf(needs('gcc'))('the power goes at every call, in every scenario that is recorded whole', () => {
  it('promises 1, 2 and 3: the next call leaves what it would have left', async () => {
    const pool = await SwitchPool.open('library');
    try {
      const scenarios = allScenarios.filter(({ edit }) => edit === undefined);
      const report = await powerCuts(pool, scenarios, callLibrary, most);
      console.log(powerCutSummary('power cuts', report));
      expect(report.violations).toEqual([]);
    } finally {
      await pool.close();
    }
  });
});
