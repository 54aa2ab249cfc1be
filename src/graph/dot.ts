import type { Chart, ChartState } from './chart.ts';
import { labelOf } from './label.ts';

/**
 * Draws a chart in Graphviz's language; `dot -Tsvg` makes a picture of it.
 *
 * @param chart - the chart
 */
export function renderDot(chart: Chart): string {
  const leaf = leafFinder(chart);
  const lines = [
    `digraph ${quote(chart.id)} {`,
    '  compound=true;',
    '  node [shape=box, style=rounded];',
    '  start [shape=point];',
    ...children(chart, '', '  '),
    `  start -> ${quote(leaf(chart.initial))};`,
  ];
  for (const transition of chart.transitions) {
    // Graphviz has no arrows between clusters: they go between states and are cut at the cluster's border.
    const [from, to] = [leaf(transition.from), leaf(transition.to)];
    const cuts = [
      from === transition.from ? '' : `, ltail=${quote(`cluster_${transition.from}`)}`,
      to === transition.to ? '' : `, lhead=${quote(`cluster_${transition.to}`)}`,
    ];
    lines.push(`  ${quote(from)} -> ${quote(to)} [label=${quote(labelOf(transition))}${cuts.join('')}];`);
  }
  return `${[...lines, '}'].join('\n')}\n`;
}

const quote = (text: string): string => JSON.stringify(text);

/**
 * Finds the state in which one ends that enters a given one.
 *
 * @param chart - the chart
 */
export function leafFinder(chart: Chart): (name: string) => string {
  const states = new Map(chart.states.map((state) => [state.name, state]));
  const leaf = (name: string): string => {
    const initial = states.get(name)?.initial ?? '';
    return initial === '' ? name : leaf(initial);
  };
  return leaf;
}

function children(chart: Chart, parent: string, indent: string): string[] {
  return chart.states.filter((state) => state.parent === parent).flatMap((state) => drawState(chart, state, indent));
}

function drawState(chart: Chart, { name, kind }: ChartState, indent: string): string[] {
  const label = quote(name.split('.').at(-1) ?? '');
  if (kind === 'atomic') return [`${indent}${quote(name)} [label=${label}];`];
  if (kind === 'final') return [`${indent}${quote(name)} [label=${label}, peripheries=2];`];
  return [
    `${indent}subgraph ${quote(`cluster_${name}`)} {`,
    `${indent}  label=${label};`,
    ...children(chart, name, `${indent}  `),
    `${indent}}`,
  ];
}
