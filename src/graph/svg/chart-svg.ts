import { renderSvg } from './render-svg.ts';

/**
 * Draws the chart of the hand-over as one SVG file. Where errors of actors lead stands in the states' rows; lines are
 * drawn for everything else.
 */
export async function chartSvg(): Promise<string> {
  // In what is built the geometry is data, in a part of its own that the inspector loads as well.
  const { chartGeometry } = await import('../layout/chart-geometry.ts');
  const { withoutFailures: geometry } = await chartGeometry();
  const rows = geometry.states.reduce((sum, state) => sum + state.rows.length, 0);
  return renderSvg(geometry, {
    title: 'The statechart of the hand-over',
    description: [
      `${geometry.states.length} states as boxes, their ${rows} transitions as rows in them: what makes one happen, and`,
      'where it leads. A dot with an arrow marks the state that is entered first, a second frame a final state. Rows of',
      'another colour are errors of actors, which have no lines.',
    ].join(' '),
  });
}
