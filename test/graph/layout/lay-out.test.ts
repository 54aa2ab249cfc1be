import { describe, expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { readChart } from '../../../src/graph/chart.ts';
import { chartGeometry } from '../../../src/graph/layout/chart-geometry.ts';
import { definitionOf } from '../../../src/graph/layout/definition.ts';
import { layOut } from '../../../src/graph/layout/lay-out.ts';
import { score } from './score.ts';

const chart = readChart(forgeSessionResumeMachine);
const { all, withoutFailures } = await chartGeometry();
const both = [
  ['with every line', all],
  ['without the lines of failures', withoutFailures],
] as const;

describe('the chart, laid out', () => {
  it.each(both)('has a box for each state and a row for each transition: %s', (_name, geometry) => {
    expect(geometry.states.map(({ id }) => id)).toEqual(chart.states.map(({ name }) => name));
    const rows = geometry.states.flatMap((state) => state.rows.map((row) => [state.id, row.target, row.guard ?? '']));
    expect(rows).toEqual(chart.transitions.map(({ from, to, guard }) => [from, to, guard]));
  });

  it.each(both)('overlaps nowhere, and writes nothing that does not fit: %s', (name, geometry) => {
    const { faults, width, height, lines, bends, crossings } = score(geometry);
    console.log(`${name}: ${width} x ${height} px, ${lines} lines, ${bends} bends, ${crossings} crossings`);
    expect(faults).toEqual([]);
  });

  it('has a line for every transition, or for every one that is no failure', () => {
    const rows = withoutFailures.states.flatMap((state) => state.rows);
    expect(all.edges).toHaveLength(rows.length);
    expect(withoutFailures.edges).toHaveLength(rows.filter(({ failure }) => !failure).length);
    expect(withoutFailures.edges.every(({ failure }) => !failure)).toBe(true);
    for (const { source, row, target, event } of all.edges) {
      const from = all.states.find(({ id }) => id === source);
      expect(from?.rows[row]).toMatchObject({ target, event });
    }
  });

  it('tangles little where the lines of failures are left out', () => {
    const { crossings } = score(withoutFailures);
    expect(crossings).toBeLessThan(10);
    expect(score(all).crossings).toBeGreaterThan(crossings);
  });
});

describe('any other chart', () => {
  it('may have parallel states, events, ways that lead nowhere, to itself and to two states', async () => {
    const machine = createMachine({
      initial: 'on',
      states: {
        on: {
          type: 'parallel',
          on: { STOP: { target: 'off', guard: () => true }, HIT: { actions: 'ring' }, AGAIN: 'on', IN: '.left.b' },
          states: {
            left: { initial: 'a', states: { a: { always: 'b' }, b: { on: { BACK: 'a' } } } },
            right: { initial: 'a', states: { a: { after: { 1000: 'b' } }, b: { type: 'final' } } },
          },
        },
        off: { on: { BOTH: ['on.left.b', 'on.right.b'].map((target) => ({ target, guard: 'odd' })) } },
      },
    });
    const geometry = await layOut(definitionOf(machine), { failures: true });
    expect(score(geometry).faults).toEqual([]);
    const on = geometry.states.find(({ id }) => id === 'on');
    expect(on?.type).toBe('parallel');
    expect(on?.rows.map(({ text, targetText }) => `${text} > ${targetText}`)).toEqual([
      'STOP: guard > off',
      'HIT > ',
      'AGAIN > on',
      'IN > left.b',
    ]);
    expect(geometry.states.find(({ id }) => id === 'on.left.a')?.rows[0]).toMatchObject({
      text: 'always',
      targetText: 'b',
    });
    expect(geometry.states.find(({ id }) => id === 'on.right.a')?.rows[0]?.text).toBe('after 1000');
  }, 120_000);
});
