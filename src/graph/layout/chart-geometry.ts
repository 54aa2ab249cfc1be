import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { chartHash } from '../chart-hash.ts';
import { definitionOf } from './definition.ts';
import type { Geometry } from './geometry.ts';
import { layOut } from './lay-out.ts';

/** The chart of the hand-over, laid out twice. */
export interface ChartGeometry {
  /** With a line for every transition. */
  readonly all: Geometry;
  /** Without lines for errors of actors. */
  readonly withoutFailures: Geometry;
}

/**
 * The places of everything in the chart of the hand-over. What is built holds the answer as data: the build asks this
 * function, so that elkjs is not needed later.
 */
export async function chartGeometry(): Promise<ChartGeometry> {
  const chart = chartHash(forgeSessionResumeMachine);
  const definition = definitionOf(forgeSessionResumeMachine);
  return {
    all: { chart, ...(await layOut(definition, { failures: true })) },
    withoutFailures: { chart, ...(await layOut(definition, { failures: false })) },
  };
}
