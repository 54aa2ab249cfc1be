import type { GraphFormat } from '../graph/formats.ts';
import { renderGraph } from '../graph/render.ts';
import { exitCodes } from './exit-codes.ts';
import { output, writeText } from './write-line.ts';

/** Options of `forge-resume graph`. */
export interface GraphOptions {
  readonly format: GraphFormat;
}

/**
 * Prints the statechart (`forge-resume graph`).
 *
 * @param options - `format`: `mermaid`, `dot`, `json`, `svg` or `xstate`
 * @returns the exit code
 */
export async function graphCommand(options: GraphOptions): Promise<number> {
  writeText(output.stdout, await renderGraph(options.format));
  return exitCodes.ok;
}
