import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Chart, readChart } from './chart.ts';
import { renderDot } from './dot.ts';
import type { GraphFormat } from './formats.ts';
import { renderMermaid } from './mermaid.ts';
import { chartSvg } from './svg/chart-svg.ts';
import { renderXstate } from './xstate.ts';

const fromChart = (renderer: (chart: Chart) => string) => (): string => renderer(readChart(forgeSessionResumeMachine));

const renderers: Readonly<Record<GraphFormat, () => string | Promise<string>>> = {
  mermaid: fromChart(renderMermaid),
  dot: fromChart(renderDot),
  json: fromChart((chart) => `${JSON.stringify(chart, null, 2)}\n`),
  svg: chartSvg,
  xstate: () => renderXstate(forgeSessionResumeMachine),
};

/**
 * Renders the chart of the hand-over.
 *
 * @param format - `mermaid`, `dot`, `json`, `svg` or `xstate`
 * @returns the text, with a final newline
 */
export async function renderGraph(format: GraphFormat): Promise<string> {
  return renderers[format]();
}
