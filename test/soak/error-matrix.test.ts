import { describe, expect, it } from 'vitest';
import { errorMatrix } from '../support/error-matrix.ts';
import { summary } from '../support/matrix.ts';
import { allScenarios } from '../support/scenarios.ts';
import { SwitchPool } from '../support/switch/pool.ts';
import { needs } from '../support/tools.ts';

const errnos = ['ENOSPC', 'EIO', 'EACCES', 'EROFS', 'EMFILE', 'EXDEV', 'EPERM', 'ENOLCK', 'EOPNOTSUPP'] as const;

describe.runIf(needs('gcc'))('every call fails with every error, in every scenario', () => {
  it.each(['fail', 'fail-from'] as const)(
    'rules 8 and 9: a typed error or a true result, and one owner (%s)',
    async (mode) => {
      const pool = await SwitchPool.open('library');
      try {
        const report = await errorMatrix(pool, allScenarios, { errnos, modes: [mode] });
        console.log(summary(`error matrix, ${mode}`, report));
        expect(report.violations).toEqual([]);
      } finally {
        await pool.close();
      }
    },
  );
});
