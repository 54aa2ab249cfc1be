import type { Chart, ChartState, ChartTransition } from './chart.ts';
import { labelOf } from './label.ts';

/**
 * Draws a chart as a Mermaid state diagram, as GitHub and most Markdown viewers show it.
 *
 * @param chart - the chart
 */
export function renderMermaid(chart: Chart): string {
  const lines = ['stateDiagram-v2', `  [*] --> ${alias(chart.initial)}`, ...children(chart, '', '  ')];
  for (const transition of chart.transitions) lines.push(`  ${arrow(transition)}`);
  for (const { name, kind } of chart.states) if (kind === 'final') lines.push(`  ${alias(name)} --> [*]`);
  return `${lines.join('\n')}\n`;
}

const alias = (name: string): string => name.replaceAll('.', '_');
const lastWord = (name: string): string => name.split('.').at(-1) ?? '';

function children(chart: Chart, parent: string, indent: string): string[] {
  return chart.states.filter((state) => state.parent === parent).flatMap((state) => drawState(chart, state, indent));
}

function drawState(chart: Chart, { name, kind, initial }: ChartState, indent: string): string[] {
  const title = `${indent}state "${lastWord(name)}" as ${alias(name)}`;
  if (kind !== 'compound') return [title];
  return [`${title} {`, `${indent}  [*] --> ${alias(initial)}`, ...children(chart, name, `${indent}  `), `${indent}}`];
}

// A colon ends a label there.
const arrow = (transition: ChartTransition): string =>
  `${alias(transition.from)} --> ${alias(transition.to)}: ${labelOf(transition).replaceAll(':', '')}`;
