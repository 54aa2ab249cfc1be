import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSessionId } from '../../src/rules/session-id.ts';
import { makeTransferId, sessionTag, transferTags } from '../../src/rules/transfer-id.ts';

const sessionId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

describe('transfer ids (protocol.md, "Receipts")', () => {
  it('protocol: one is a session id by its pattern, and its tags can be read back', () => {
    fc.assert(
      fc.property(
        sessionId,
        sessionId,
        fc.integer({ min: 0, max: 8.64e15 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (source, target, at, random) => {
          const id = makeTransferId(source, target, at, random);
          expect(isSessionId(id)).toBe(true);
          expect(transferTags(id)).toEqual({ source: sessionTag(source), target: sessionTag(target) });
        },
      ),
    );
  });

  it('protocol: ids of one time have one length, so that their order by name is their order in time', () => {
    const times = Array.from({ length: 50 }, (_none, index) => Date.UTC(2026, 0, 1) + index * 997_000_000);
    const ids = times.map((time) => makeTransferId('a', 'b', time, 0.3));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids.map((id) => id.length)).size).toBe(1);
    expect(makeTransferId('a', 'b', 1, 0)).toMatch(/-0{8}$/);
  });

  it('protocol: a tag has 10 characters, and tells 20,000 ids apart', () => {
    const tags = Array.from({ length: 20_000 }, (_none, index) => sessionTag(`session-${index}`));
    expect(new Set(tags).size).toBe(tags.length);
    expect(tags.every((tag) => /^[0-9a-z]{10}$/.test(tag))).toBe(true);
    expect(sessionTag('a')).not.toBe(sessionTag('A'));
  });

  it.each([
    '',
    'x',
    'a-b',
    'a-b-c',
    'a-b-c-d-e',
    'a--c-d',
    'a-b--d',
    '../a-b-c',
    'a-b-c/-d',
    `${'a'.repeat(60)}-b-c-d`,
  ])('protocol: %j is none', (id) => {
    expect(transferTags(id)).toBeUndefined();
  });
});
