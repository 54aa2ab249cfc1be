/**
 * Calls per second of one database with 1, 8 and 32 hosts, each a process with a project of its own, so that none waits for
 * another's lock. Hand-overs once as they are, once with the hosts' files in memory, once where besides no COMMIT waits for the
 * server's disk: what is between them is the price of each disk.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Pool } from 'pg';
import type { PostgresServer } from '../support/postgres-server.ts';

/** Calls per second of so many hosts together. */
interface Rate {
  readonly hosts: number;
  readonly looks: number;
  readonly handOvers: number;
  /** With the hosts' files in memory; null where there is no such file system. */
  readonly filesInMemory: number | null;
  /** The same where no COMMIT waits for the disk. */
  readonly noWait: number | null;
}

/** All that is told. */
export interface Rates {
  readonly rates: readonly Rate[];
  /** What one hand-over asks of disks, and of its host's processor, milliseconds; of one host alone. */
  readonly handOver: { readonly fileSyncs: number; readonly logSyncs: number; readonly cpuMs: number };
  /** One append that is made durable, in the folder of hosts and server, milliseconds: the median of 100. */
  readonly syncMs: number;
}

/** What a host answers. */
interface Told {
  readonly rate: number;
  readonly calls: number;
  readonly syncs: number;
  readonly cpuMs: number;
}

const hostProgram = join(__dirname, 'postgres-host.cjs');
const memory = '/dev/shm';
const measureMs = 4_000;

/**
 * Measures them.
 *
 * @param pool - of a superuser
 * @param server - with our tables
 */
export async function measureRates(pool: Pool, server: PostgresServer): Promise<Rates> {
  const rates: Rate[] = [];
  let handOver = { fileSyncs: 0, logSyncs: 0, cpuMs: 0 };
  const inMemory = async (hosts: number): Promise<number | null> =>
    existsSync(memory) ? withHosts(server, hosts, memory, async (ask) => sum(await ask('hand-overs'))) : null;
  for (const hosts of [1, 8, 32]) {
    const [looks, handOvers] = await withHosts(server, hosts, tmpdir(), async (ask) => {
      const looked = await ask('looks');
      const before = await logSyncs(pool);
      const handed = await ask('hand-overs');
      const [only] = handed;
      if (hosts === 1 && only !== undefined) {
        const { calls, syncs, cpuMs } = only;
        const logged = (await logSyncs(pool)) - before;
        handOver = { fileSyncs: syncs / calls, logSyncs: logged / calls, cpuMs: cpuMs / calls };
      }
      return [sum(looked), sum(handed)] as const;
    });
    const filesInMemory = await inMemory(hosts);
    await pool.query('ALTER DATABASE postgres SET synchronous_commit = off');
    const noWait = await inMemory(hosts);
    await pool.query('ALTER DATABASE postgres RESET synchronous_commit');
    rates.push({ hosts, looks, handOvers, filesInMemory, noWait });
  }
  return { rates, handOver, syncMs: medianSyncMs() };
}

/**
 * As src/store/postgres/README.md#cost has it.
 *
 * @param rates - as measured
 */
export function formatRates({ rates, handOver, syncMs }: Rates): string {
  const rows = rates.map(({ hosts, ...columns }) => [hosts, ...Object.values(columns).map((value) => value ?? '-')]);
  return [
    "| hosts | looks | hand-overs | with files in memory | and no wait for the server's disk |",
    '| ---: | ---: | ---: | ---: | ---: |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    `A hand-over waits for ${handOver.fileSyncs.toFixed(1)} syncs of its host and ${handOver.logSyncs.toFixed(1)} of the server's`,
    `log, where one took ${syncMs.toFixed(1)} ms, and takes ${handOver.cpuMs.toFixed(0)} ms of its host's processor.`,
  ].join('\n');
}

type AskHosts = (what: 'looks' | 'hand-overs') => Promise<readonly Told[]>;

async function withHosts<Result>(
  { connectionString }: PostgresServer,
  hosts: number,
  base: string,
  action: (ask: AskHosts) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(base, 'pg-bench-'));
  const children: ChildProcess[] = [];
  const answers = (message: string | object, event: 'message' | 'exit'): Promise<unknown[][]> =>
    Promise.all(
      children.map((child) => {
        const answered = once(child, event);
        child.send(message);
        return answered;
      }),
    );
  try {
    for (let host = 0; host < hosts; host += 1) {
      const stateDir = join(folder, String(host), '.rcs', 'state');
      mkdirSync(stateDir, { recursive: true });
      const child = fork(hostProgram, [connectionString, `${basename(folder)}-${host}`, stateDir]);
      children.push(child);
      await once(child, 'message');
    }
    return await action(async (what) =>
      (await answers({ what, ms: measureMs }, 'message')).map(([told]) => told as Told),
    );
  } finally {
    await answers('end', 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

const sum = (told: readonly Told[]): number => Math.round(told.reduce((all, { rate }) => all + rate, 0));

/** How often the server has made its log durable. */
async function logSyncs(pool: Pool): Promise<number> {
  const { rows } = await pool.query('SELECT wal_sync FROM pg_stat_wal');
  return Number(rows[0].wal_sync);
}

function medianSyncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'pg-bench-'));
  const fd = openSync(join(folder, 'file'), 'w');
  const times = Array.from({ length: 100 }, () => {
    const since = performance.now();
    writeSync(fd, Buffer.alloc(8_192));
    fsyncSync(fd);
    return performance.now() - since;
  });
  closeSync(fd);
  rmSync(folder, { recursive: true });
  return times.sort((a, b) => a - b)[50] ?? 0;
}
