import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import type { ActorOutcomes } from '../../src/graph/alphabet/alphabet.ts';
import { outcomes } from '../../src/graph/alphabet/outcomes.ts';

describe('the alphabet of outcomes', () => {
  it('does not compile without an entry for an output', () => {
    // @ts-expect-error: `taken` has no entry
    const withoutTaken: ActorOutcomes<'writeTarget'>['outputs'] = { written: outcomes.writeTarget.outputs.written };
    const empty: ActorOutcomes<'release'>['outputs'] = {
      // @ts-expect-error: an entry holds at least one sample
      released: [],
    };
    expect([Object.keys(withoutTaken), empty.released]).toEqual([['written'], []]);
  });

  it('names every code that a call can fail with', () => {
    const codes = new Set(Object.values(outcomes).flatMap(({ errors }) => errors));
    // A call that a hook makes is refused before the machine starts; what `putRun` refuses is no call.
    const others = ['REENTRANT', 'OWNER_CHANGED'];
    expect(codes).toEqual(new Set([...errorCodes.filter((code) => !others.includes(code)), 'UNKNOWN']));
  });
});
