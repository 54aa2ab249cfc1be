import { describe, expect, it } from 'vitest';
import { asText, trimmedText } from '../../src/rules/text.ts';

describe('asText (files: where a string is expected)', () => {
  it.each([
    [undefined, ''],
    [null, ''],
    ['', ''],
    [' a ', ' a '],
    [0, '0'],
    [-0, '0'],
    [1e3, '1000'],
    [1e21, '1e+21'],
    [false, 'false'],
    [true, 'true'],
    [[], ''],
    [[null], ''],
    [['a', ['b', 1]], 'a,b,1'],
    [{}, '[object Object]'],
  ])('files: %j reads as %j', (value, text) => {
    expect(asText(value)).toBe(text);
  });

  it('files: no odd type throws', () => {
    let deep: unknown = 'x';
    for (let depth = 0; depth < 200_000; depth += 1) deep = [deep];
    const odd = [Object.create(null), JSON.parse('{"toString":1,"valueOf":2}'), deep, Symbol('s'), 5n, () => 1];
    for (const value of odd) expect(typeof asText(value)).toBe('string');
  });
});

describe('trimmedText (files: compared, and judged empty or set, after trimming)', () => {
  it.each([
    [' a\n', 'a'],
    ['\u00a0\u2003a\ufeff', 'a'],
    [' \t\n', ''],
    [null, ''],
    [[' a '], 'a'],
    [7, '7'],
  ])('files: %j compares as %j', (value, text) => {
    expect(trimmedText(value)).toBe(text);
  });
});
