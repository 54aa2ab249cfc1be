import { describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { readChart } from '../../src/graph/chart.ts';
import { renderChartPage } from '../../src/graph/chart-page.ts';
import { renderGraph } from '../../src/graph/render.ts';

const chart = readChart(forgeSessionResumeMachine);

describe('the chart as data', () => {
  it('names every state and every transition once', () => {
    expect(new Set(chart.states.map(({ name }) => name)).size).toBe(chart.states.length);
    expect(new Set(chart.transitions.map(({ id }) => id)).size).toBe(chart.transitions.length);
  });

  it('leads only to states that are there', () => {
    const names = new Set(chart.states.map(({ name }) => name));
    for (const { from, to } of chart.transitions) expect([names.has(from), names.has(to)]).toEqual([true, true]);
  });

  it('tells what makes a transition happen, under which condition, and what it does', () => {
    expect(chart.transitions.find(({ guard }) => guard === 'targetTaken')).toEqual({
      id: 'locked.transfer.writeTarget: writeTarget done [targetTaken]',
      from: 'locked.transfer.writeTarget',
      to: 'locked.readCurrent',
      on: { kind: 'done', of: 'writeTarget' },
      guard: 'targetTaken',
      after: [],
      actions: [],
    });
  });
});

describe('the picture', () => {
  it.each(['mermaid', 'dot', 'json'] as const)('holds every state and transition: %s', async (format) => {
    const text = await renderGraph(format);
    for (const { name } of chart.states) {
      expect(text).toContain(format === 'mermaid' ? ` as ${name.replaceAll('.', '_')}` : name);
    }
    const arrows = text.split('\n').filter((line) => / (-->|->) .*(:|label)/.test(line));
    if (format !== 'json') expect(arrows).toHaveLength(chart.transitions.length);
    else expect(JSON.parse(text)).toEqual(chart);
  });

  it('stands in machines/ as it is now, on a page that shows it', async () => {
    await expect(renderChartPage()).toMatchFileSnapshot('../../machines/README.md');
    await expect(await renderGraph('svg')).toMatchFileSnapshot('../../machines/forge-session-resume.svg');
  }, 120_000);
});
