import { describe, expect, it } from 'vitest';
import { judgeLayouts, summaryOf } from './judge.ts';
import { layoutCases } from './mutations.ts';

/** The long suites take all of them. */
const share = 84;

describe('charts that are ours but for one thing', () => {
  it('are laid out without faults', async () => {
    const cases = [...layoutCases()].filter((_, index) => index % share === 0);
    const judgement = await judgeLayouts(cases);
    console.log(`layout: ${summaryOf(judgement)}`);
    expect(judgement.faults).toEqual([]);
    expect(judgement.pictures).toBeGreaterThan(cases.length);
  }, 300_000);
});
