import { readBoxes } from '../../../src/graph/layout/boxes.ts';
import { elkGraph, linesOf } from '../../../src/graph/layout/elk-graph.ts';
import { layOut } from '../../../src/graph/layout/lay-out.ts';
import type { LayoutCase } from './mutations.ts';
import { type Score, score } from './score.ts';

/** What came of laying charts out. */
export interface Judgement {
  /** Faults and errors, each with the name of its chart. */
  readonly faults: readonly string[];
  /** Pictures that differ. */
  readonly pictures: number;
  readonly scores: readonly Score[];
}

/**
 * Lays charts out, with the lines of failures and without, and scores every picture. What ELK would be asked twice is
 * asked once.
 *
 * @param cases - the charts
 */
export async function judgeLayouts(cases: Iterable<LayoutCase>): Promise<Judgement> {
  const seen = new Set<string>();
  const scores: Score[] = [];
  const faults: string[] = [];
  for (const { name, define } of cases) {
    const definition = define();
    for (const failures of [false, true]) {
      const boxes = readBoxes(definition);
      const asked = JSON.stringify(elkGraph(boxes, linesOf(boxes, failures), new Set()));
      if (seen.has(asked)) continue;
      seen.add(asked);
      try {
        const one = score(await layOut(definition, { failures }));
        scores.push(one);
        faults.push(...one.faults.map((fault) => `${name}, ${failures ? 'with' : 'without'} failures: ${fault}`));
      } catch (error) {
        faults.push(`${name}, ${failures ? 'with' : 'without'} failures: ${error}`);
      }
    }
  }
  return { faults, pictures: seen.size, scores };
}

/** The sum of all in a line, for those who watch. */
export function summaryOf({ pictures, faults, scores }: Judgement): string {
  const most = (value: (one: Score) => number): number => Math.round(Math.max(...scores.map(value)));
  const [width, height] = [most((one) => one.width), most((one) => one.height)];
  return `${pictures} pictures, ${faults.length} faults; at most ${width} x ${height} px, ${most((one) => one.crossings)} crossings`;
}
