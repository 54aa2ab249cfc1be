import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Chart, readChart } from './chart.ts';
import { renderDot } from './dot.ts';
import type { GraphFormat } from './formats.ts';
import { renderMermaid } from './mermaid.ts';

const renderers: Readonly<Record<GraphFormat, (chart: Chart) => string>> = {
  mermaid: renderMermaid,
  dot: renderDot,
  json: (chart) => `${JSON.stringify(chart, null, 2)}\n`,
};

/**
 * Renders the chart of the hand-over.
 *
 * @param format - `mermaid`, `dot` or `json`
 * @returns the text, with a final newline
 */
export function renderGraph(format: GraphFormat): string {
  return renderers[format](readChart(forgeSessionResumeMachine));
}
