import { describe, expect, it } from 'vitest';
import { needsNetwork } from '../../support/network.ts';
import { needsPostgres } from '../../support/postgres-server.ts';
import { usePartitions } from '../../support/store/use-partitions.ts';

describe.runIf(needsPostgres() && needsNetwork())('two hosts, one of which is cut off without a word', () => {
  const network = usePartitions();

  it('one owner by the database, no turn lost, an agent waits 2 s at most, the lock is free after its limit; the next call settles', {
    timeout: 120_000,
  }, async () => {
    const report = await network.play([
      { call: 'hand-over', moment: 'start', cut: 'both', heals: 'late' },
      { call: 'hand-over', moment: 'lock', cut: 'both', heals: 'late' },
      // Its COMMIT is lost; then one that comes late, of a process that has ended.
      { call: 'hand-over', moment: 'write', cut: 'requests', heals: 'late' },
      { call: 'hand-over', moment: 'write', cut: 'requests', heals: 'early' },
      // The answer to its COMMIT is lost.
      { call: 'hand-over', moment: 'COMMIT', cut: 'both', heals: 'late' },
      { call: 'hand-over', moment: 'settle', cut: 'replies', heals: 'late' },
      { call: 'push', moment: 'write', cut: 'both', heals: 'late' },
      { call: 'push', moment: 'COMMIT', cut: 'replies', heals: 'early' },
    ]);
    console.info(`hosts that were cut off: ${JSON.stringify(report)}`);
    expect(report.faults).toEqual([]);
    expect(report.stoodUnheard).toBeGreaterThan(1);
    // Nobody but the server's own limit has freed it.
    expect(report.longestHeldMs).toBeGreaterThan(9_000);
  });
});
