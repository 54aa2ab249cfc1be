import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSessionId } from '../../src/rules/session-id.ts';
import { makeTransferId } from '../../src/rules/transfer-id.ts';

describe('transfer ids (protocol.md, "Our folder")', () => {
  it('protocol: one is a session id by its pattern, whenever it is made', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: -8.64e15, max: 8.64e15 }), random, (at, end) => {
        expect(isSessionId(makeTransferId(at, end))).toBe(true);
      }),
    );
    expect(makeTransferId(1, 0)).toBe('1-00000000');
  });
});
