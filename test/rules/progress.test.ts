import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeProgress } from '../../src/rules/progress.ts';

describe('mergeProgress (protocol.md, "Recover": field by field, the higher iteration)', () => {
  it.each([
    ['their change of a field that we left alone', { a: 1, b: 1 }, { a: 2, b: 1 }, { a: 1, b: 9 }, { a: 2, b: 9 }],
    ['our change of a field that both changed', { a: 1 }, { a: 2 }, { a: 3 }, { a: 3 }],
    ['a field that they added', { a: 1 }, { a: 1, n: [1] }, { a: 1, z: 2 }, { a: 1, z: 2, n: [1] }],
    ['their removal', { a: 1, b: 1 }, { a: 1 }, { a: 1, b: 1, c: 1 }, { a: 1, c: 1 }],
    ['our removal', { a: 1, b: 1 }, { a: 1, b: 2 }, { a: 1 }, { a: 1 }],
    ['their higher iteration', { iteration: 5 }, { iteration: 6 }, { iteration: 5, x: 1 }, { iteration: 6, x: 1 }],
    ['our higher iteration', { iteration: 5 }, { iteration: 6 }, { iteration: 8 }, { iteration: 8 }],
    ['the base where both went back', { iteration: 5 }, { iteration: 3 }, { iteration: 4 }, { iteration: 5 }],
    ['no iteration that is no number', { iteration: 'x' }, { iteration: 'y' }, { iteration: 'x' }, { iteration: 'y' }],
  ])('protocol: keeps %s', (_name, base, theirs, ours, merged) => {
    expect(mergeProgress(base, theirs, ours)).toEqual(merged);
  });

  it('protocol: returns ours itself where there is nothing to carry over', () => {
    const ours = { a: 2, iteration: 3 };
    expect(mergeProgress({ a: 1, iteration: 3 }, { a: 1, iteration: 3 }, ours)).toBe(ours);
  });

  it('protocol: equal content of another identity or key order inside a field is no reason to lose ours', () => {
    const ours = { deep: { x: 1 }, mine: true };
    expect(mergeProgress({ deep: { x: 1 } }, { deep: { x: 1 } }, ours)).toBe(ours);
  });

  it('files: carries an own __proto__ key over as a field', () => {
    const merged = mergeProgress({}, JSON.parse('{"__proto__":{"x":1}}'), { a: 1 });
    expect(JSON.stringify(merged)).toBe('{"a":1,"__proto__":{"x":1}}');
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });

  const state = fc.dictionary(
    fc.constantFrom('a', 'b', '__proto__', 'iteration'),
    fc.oneof(fc.integer({ min: 0, max: 9 }), fc.string({ maxLength: 2 }), fc.constant(null)),
  );
  const count = (value: unknown): number => (typeof value === 'number' ? value : Number.NEGATIVE_INFINITY);

  it('promise 2: no input makes the iteration go back, and none is changed', () => {
    fc.assert(
      fc.property(state, state, state, (base, theirs, ours) => {
        const before = JSON.stringify([base, theirs, ours]);
        const merged = mergeProgress(base, theirs, ours);
        const highest = Math.max(...[base, theirs, ours].map((each) => count(each['iteration'])));
        if (highest !== Number.NEGATIVE_INFINITY) expect(merged['iteration']).toBe(highest);
        expect(JSON.stringify([base, theirs, ours])).toBe(before);
      }),
    );
  });

  it('protocol: a writer that changed nothing changes nothing of ours but the iteration', () => {
    fc.assert(
      fc.property(state, state, (base, ours) => {
        const { iteration: _count, ...merged } = mergeProgress(base, base, ours);
        const { iteration: _same, ...kept } = ours;
        expect(JSON.stringify(merged)).toBe(JSON.stringify(kept));
      }),
    );
  });
});
