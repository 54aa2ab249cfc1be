import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import type { Box } from './boxes.ts';
import { metrics } from './metrics.ts';

/** A line to be laid out: every row of `source` that leads to `target`. */
export interface Line {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly failure: boolean;
  /** Whether ELK is given it the other way round. */
  readonly reversed: boolean;
}

/** How every level is laid out: ELK hands nothing down. Spacing in pixels. */
const options = {
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '9',
  'elk.layered.spacing.nodeNodeBetweenLayers': '22',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
};

const wholeChart = {
  ...options,
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': padding(metrics.margin, metrics.margin),
};

/**
 * The lines of a chart.
 *
 * @param boxes - its states
 * @param failures - whether rows that an error makes happen get lines
 */
export function linesOf(boxes: readonly Box[], failures: boolean): readonly Line[] {
  const order = new Map(boxes.map(({ id }, index) => [id, index]));
  const position = (id: string): number => order.get(id) ?? 0;
  const lines = new Map<string, Line>();
  for (const { id: source, rows } of boxes) {
    for (const { targets, failure } of rows) {
      if (failure && !failures) continue;
      for (const target of targets) {
        const id = lineId(source, target, failure);
        // ELK would choose by itself which arrows of a circle go up, and fails where it is to keep the document's order.
        const reversed = position(target) < position(source) && !isInside(source, target);
        lines.set(id, { id, source, target, failure, reversed });
      }
    }
  }
  return [...lines.values()];
}

/** The id of the line that a row of `source` shares with others. */
export const lineId = (source: string, target: string, failure: boolean): string =>
  `${source} ${failure ? '!' : '-'}> ${target}`;

/**
 * What ELK lays out.
 *
 * @param boxes - the states
 * @param lines - what connects them
 * @param gutters - states that keep what they hold to the right of what is written in them
 */
export function elkGraph(boxes: readonly Box[], lines: readonly Line[], gutters: ReadonlySet<string>): ElkNode {
  const inside = (parent: string | null): ElkNode[] => boxes.filter((box) => box.parent === parent).map(node);
  const node = (box: Box): ElkNode => {
    const children = inside(box.id);
    const { id, width, height } = box;
    if (children.length === 0) return { id, width, height };
    const left = gutters.has(id) ? width : metrics.around;
    return {
      id,
      children,
      layoutOptions: { ...options, 'elk.padding': padding(height + metrics.bottom, metrics.around, left) },
    };
  };
  return { id: '', layoutOptions: wholeChart, children: inside(null), edges: lines.map(elkEdge) };
}

const elkEdge = ({ id, source, target, reversed }: Line): ElkExtendedEdge =>
  reversed ? { id, sources: [target], targets: [source] } : { id, sources: [source], targets: [target] };

const isInside = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`);

function padding(top: number, side: number, left = side): string {
  return `[top=${top},left=${left},bottom=${side},right=${side}]`;
}
