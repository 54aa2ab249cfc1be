import { describe, expect, it } from 'vitest';
import { needsNetwork } from '../support/network.ts';
import { needsPostgres } from '../support/postgres-server.ts';
import type { Partition } from '../support/store/partition.ts';
import { usePartitions } from '../support/store/use-partitions.ts';

const moments: Readonly<Record<Partition['call'], readonly Partition['moment'][]>> = {
  'hand-over': ['start', 'lock', 'plan', 'target', 'write', 'COMMIT', 'settle'],
  push: ['start', 'lock', 'write', 'COMMIT'],
};

describe.runIf(needsPostgres() && needsNetwork())('two hosts, one of which is cut off without a word', () => {
  const network = usePartitions();

  for (const cut of ['both', 'requests', 'replies'] as const) {
    it.each(['early', 'late'] as const)(`at every moment, ${cut}; healed %s`, async (heals) => {
      const calls = Object.keys(moments) as Partition['call'][];
      const partitions = calls.flatMap((call) => moments[call].map((moment) => ({ call, moment, cut, heals })));
      const report = await network.play(partitions);
      console.log(`hosts that were cut off: ${JSON.stringify({ cut, heals, ...report })}`);
      expect(report.faults).toEqual([]);
    });
  }
});
