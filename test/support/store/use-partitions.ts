/** What test files about hosts that are cut off share. */
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openPostgresStore } from '../../../src/store/postgres/index.ts';
import { type Network, networkAddresses, startNetwork } from '../network.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { type Gates, putGates } from './gates.ts';
import { type Partition, type PartitionEnd, type PartitionWorld, playPartition } from './partition.ts';

/** What came of many; `faults` must be empty. */
export interface PartitionReport {
  readonly partitions: number;
  /** How often agents were told what. */
  readonly told: Readonly<Record<string, number>>;
  /** How often what the call did stood, though its agent was told otherwise. */
  readonly stoodUnheard: number;
  /** The longest from a cut to the end of the hook, milliseconds. */
  readonly longestHookMs: number;
  /** The longest that a host which was cut off kept the lock, milliseconds. */
  readonly longestHeldMs: number;
  readonly faults: readonly string[];
}

/** How many are played at the same time: each mostly waits, but starts processes. */
const atOnce = 4;

/** Starts a network with a server for the tests of a file. To be called where tests are described. */
export function usePartitions(): { readonly play: (partitions: readonly Partition[]) => Promise<PartitionReport> } {
  let network: Network | undefined;
  let server: PostgresServer | undefined;
  let pool: pg.Pool | undefined;
  let gates: Gates | undefined;
  let world: PartitionWorld;
  beforeAll(async () => {
    network = await startNetwork();
    const [home, other] = [await network.addHost(), await network.addHost()];
    const inside = { inside: home.inside, clients: networkAddresses };
    server = await startPostgres({ listen_addresses: home.address }, inside);
    const asked = new pg.Pool({ connectionString: server.connectionString });
    pool = asked;
    await (await openPostgresStore({ pool: asked, project: 'any' })).migrate();
    gates = await putGates(server.connectionString);
    const url = `postgres://postgres@${home.address}/postgres`;
    world = { network, gates, other, url, ask: async (text, values) => (await asked.query(text, values)).rows };
  }, 60_000);
  afterAll(async () => {
    await gates?.end();
    await pool?.end();
    await server?.stop();
    await network?.stop();
  });
  return {
    play: async (partitions) => {
      const settled: PromiseSettledResult<PartitionEnd>[] = [];
      for (let next = 0; next < partitions.length; next += atOnce) {
        const some = partitions.slice(next, next + atOnce).map((partition) => playPartition(world, partition));
        settled.push(...(await Promise.allSettled(some)));
      }
      return reportOf(settled);
    },
  };
}

function reportOf(settled: readonly PromiseSettledResult<PartitionEnd>[]): PartitionReport {
  const ends = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const broken = settled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []));
  const told: Record<string, number> = {};
  for (const end of ends) told[end.told] = (told[end.told] ?? 0) + 1;
  const longest = (what: 'hookMs' | 'heldMs'): number => Math.round(Math.max(...ends.map((end) => end[what])));
  return {
    partitions: settled.length,
    told,
    stoodUnheard: ends.filter((end) => end.stood && !end.told.startsWith('resumed')).length,
    longestHookMs: longest('hookMs'),
    longestHeldMs: longest('heldMs'),
    faults: [...broken, ...ends.flatMap(({ faults }) => faults)],
  };
}
