import { describe, expect, it } from 'vitest';
import { isOlderTimeline, isOneTimeline, nextEpoch } from '../../../src/store/postgres/rows/epoch.ts';

const second = 2n ** 32n;

describe('epochs and versions by timeline', () => {
  it('count from 1 on the first timeline', () => {
    expect(nextEpoch('0', 0n)).toBe('1');
    expect(nextEpoch('7', 0n)).toBe('8');
  });

  it('begin anew above all that older timelines could give', () => {
    expect(nextEpoch('7', second)).toBe('4294967297');
    expect(nextEpoch('4294967297', second)).toBe('4294967298');
  });

  it('never go back, where the rows were restored into a server of an earlier timeline', () => {
    expect(nextEpoch('4294967297', 0n)).toBe('4294967298');
  });

  it('tell on which timeline they were given', () => {
    expect(isOneTimeline('1', '4294967296')).toBe(true);
    expect(isOneTimeline('4294967296', '4294967297')).toBe(false);
    expect(isOlderTimeline('4294967296', second)).toBe(true);
    expect(isOlderTimeline('4294967297', second)).toBe(false);
    expect(isOlderTimeline('1', 0n)).toBe(false);
  });
});
