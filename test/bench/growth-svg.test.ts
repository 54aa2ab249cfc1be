import { expect, it } from 'vitest';
import { drawGrowth } from './growth-svg.ts';
import { spreadOf } from './measure.ts';

it('the growth curve names both lines, all counts, and rises to the right', () => {
  const point = (sessions: number, ours: number) => ({
    sessions,
    ours: spreadOf([ours]),
    baseline: spreadOf([ours * 9]),
  });
  const svg = drawGrowth([point(10, 0.7), point(1_000, 12), point(100_000, 1_300)]);
  for (const text of ['10<', '1,000<', '100,000<', 'ours 1.3 s', 'baseline 12 s', 'prefers-color-scheme: dark']) {
    expect(svg).toContain(text);
  }
  const line = /class="ours" points="([^"]+)"/.exec(svg)?.[1] ?? '';
  const places = line.split(' ').map((place) => place.split(',').map(Number));
  expect(places).toEqual([...places].sort(([a = 0], [b = 0]) => a - b));
  expect(places).toEqual([...places].sort(([, a = 0], [, b = 0]) => b - a));
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});
