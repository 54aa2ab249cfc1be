import { describe, expect, it } from 'vitest';
import { judgeLayouts, summaryOf } from '../graph/layout/judge.ts';
import { layoutCases } from '../graph/layout/mutations.ts';

describe('charts that are ours but for one thing', () => {
  it('are laid out without faults, every one', async () => {
    const judgement = await judgeLayouts(layoutCases());
    console.log(`layout: ${summaryOf(judgement)}`);
    expect(judgement.faults).toEqual([]);
  });
});
