import { agentCall, type BenchNode } from './agent-calls.ts';
import { besideLargeTree, handedOverTree } from './handed-over-trees.ts';
import { type Call, files, loadCall } from './parts.ts';
import { oneProcess } from './processes.ts';
import { activeTree } from './trees.ts';
import type { Work } from './work.ts';

/**
 * A no-op where much has happened, by one where nothing has, as an agent waits for both (promise 7 of protocol.md).
 *
 * @param node - what they run on
 */
export const laterWorks = ({ program }: BenchNode): readonly Work[] => {
  const later = (name: string, makeTree: (call: Call) => Promise<string>): Work => ({
    name: `notify, no-op ${name}, as a process`,
    pace: { rounds: 36, block: 1, warmup: 1 },
    bars: { 'where nothing happened': 1.1 },
    contenders: async () => {
      const ours = agentCall(program, 'notify', await makeTree(await loadCall(files.ours)));
      const fresh = agentCall(program, 'notify', activeTree());
      return {
        ours: { run: () => oneProcess(ours) },
        'where nothing happened': { run: () => oneProcess(fresh) },
      };
    },
  });
  return [
    later('after 300 hand-overs', (call) => handedOverTree(300, call)),
    later('beside a 4 MB run', besideLargeTree),
  ];
};
