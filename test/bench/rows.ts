import type { BenchNode } from './agent-calls.ts';
import { callWorks } from './call-rows.ts';
import { laterWorks } from './later-rows.ts';
import { crowdWork, processWorks, transferWork } from './process-rows.ts';
import { recordingWorks } from './recording-rows.ts';
import type { Work } from './work.ts';

/** Another Node that has been fetched. */
export interface FetchedNode {
  readonly major: string;
  readonly program: string;
}

/**
 * The table of the benches, row by row: calls and processes on the Node that runs this, single processes on the others.
 *
 * @param others - the other Nodes
 */
export function allWorks(others: readonly FetchedNode[]): readonly Work[] {
  const own: BenchNode = { program: process.execPath, suffix: '', startBar: 1.25 };
  return [
    ...callWorks,
    crowdWork(own, 64),
    ...processWorks(own),
    ...laterWorks(own),
    ...recordingWorks(own),
    transferWork(own),
    ...others.flatMap(({ major, program }) => processWorks({ program, suffix: `, Node ${major}`, startBar: 1.2 })),
  ];
}
