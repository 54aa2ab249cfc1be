import { describe, expect, it } from 'vitest';
import { tableLines } from '../../src/cli/see/table.ts';

describe('a table', () => {
  it.each([
    ['one other column', ['a']],
    ['several', ['a', 'bc', 'def']],
  ])('gives the rest of 80 columns, and no less, to the column that takes the rest: beside %s', (_what, cells) => {
    const columns = [...cells.map((name) => ({ name, most: 10 })), { name: 'REST', most: 'rest' } as const];
    const lines = tableLines(columns, [[...cells, 'x'.repeat(100)]]);
    expect(lines.map((line) => line.length)).toEqual([lines[0]?.length, 80]);
    expect(lines[1]).toMatch(/x…$/);
  });

  it('gives it 16 columns where the others leave less', () => {
    const columns = [{ name: 'wide', most: 100 }, { name: 'REST', most: 'rest' } as const];
    const [, line = ''] = tableLines(columns, [['w'.repeat(90), 'x'.repeat(100)]]);
    expect(line).toBe(`${'w'.repeat(90)}  ${'x'.repeat(15)}…`);
  });
});
