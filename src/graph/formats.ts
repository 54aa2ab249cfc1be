/** The formats in which the chart can be had. */
export const graphFormats = ['mermaid', 'dot', 'json', 'svg', 'xstate'] as const;
/** One of {@link graphFormats}. */
export type GraphFormat = (typeof graphFormats)[number];
