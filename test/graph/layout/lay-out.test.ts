import { describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { readChart } from '../../../src/graph/chart.ts';
import { chartGeometry } from '../../../src/graph/layout/chart-geometry.ts';

const chart = readChart(forgeSessionResumeMachine);
const { all, withoutFailures } = await chartGeometry();

describe('the chart, laid out', () => {
  it.each([
    ['with every line', all],
    ['without the lines of failures', withoutFailures],
  ])('has a box for each state and a row for each transition: %s', (_name, geometry) => {
    expect(geometry.states.map(({ id }) => id)).toEqual(chart.states.map(({ name }) => name));
    const rows = geometry.states.flatMap((state) => state.rows.map((row) => [state.id, row.target, row.guard ?? '']));
    expect(rows).toEqual(chart.transitions.map(({ from, to, guard }) => [from, to, guard]));
  });
});
