import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawGrowth } from './growth-svg.ts';
import { withFigures } from './readme-figures.ts';
import { keepsBar, type Report } from './report.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const report = JSON.parse(read('test', 'bench', 'figures.json')) as Report;

describe('the figures in the README', () => {
  it('are those of the run that stands beside the benches', () => {
    expect(withFigures(read('README.md'), report)).toBe(read('README.md'));
  });

  it('are of a whole run, with every bar of the design kept', () => {
    expect(report.missing).toEqual([]);
    expect(report.comparisons.filter(({ bar }) => bar !== undefined)).toHaveLength(58);
    expect(report.comparisons.filter((comparison) => !keepsBar(comparison, 1))).toEqual([]);
    expect(report.footprint.filter(({ value, bar }) => value > bar)).toEqual([]);
    expect(report.footprint.length).toBeGreaterThan(2);
  });

  it('include the growth curve, drawn from the figures beside it', () => {
    const { points } = JSON.parse(read('test', 'bench', 'growth.json'));
    expect(points.map(({ sessions }: { sessions: number }) => sessions)).toEqual([10, 100, 1_000, 10_000, 100_000]);
    expect(read('test', 'bench', 'growth.svg')).toBe(drawGrowth(points));
    expect(read('README.md')).toContain('](test/bench/growth.svg)');
  });
});
