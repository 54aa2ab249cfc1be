import type { Actors } from '../../../machines/contract.ts';
import type { HistoryEntry } from '../file/transfer/history.ts';
import { acquireLock } from './actors/acquire-lock.ts';
import { commit } from './actors/commit.ts';
import { companions } from './actors/companions.ts';
import { endNamed } from './actors/end-named.ts';
import { endStale } from './actors/end-stale.ts';
import { keepLock, type Timers } from './actors/keep-lock.ts';
import { look } from './actors/look.ts';
import { prepare } from './actors/prepare.ts';
import { readCurrent } from './actors/read-current.ts';
import { readNamed } from './actors/read-named.ts';
import { recover } from './actors/recover.ts';
import { release } from './actors/release.ts';
import { replan } from './actors/replan.ts';
import { rollback } from './actors/rollback.ts';
import { retireCopies, scanCandidates } from './actors/scan-candidates.ts';
import { updateOwner } from './actors/update-owner.ts';
import { writeSource } from './actors/write-source.ts';
import { writeTarget } from './actors/write-target.ts';
import type { PostgresCall, PostgresCallOptions } from './call.ts';
import { openPool, type PostgresPool } from './database/driver.ts';
import { type Migration, migrate } from './database/migrate.ts';
import { dryPool } from './dry-pool.ts';
import { Lease } from './lock/lease.ts';
import { overviewOf, type StoreOverview } from './overview.ts';
import type { Host } from './projection/host.ts';
import { refuseOptions } from './refuse-options.ts';
import { type PastQuestion, pastOf } from './rows/history.ts';
import { addSession, getRun, putRun, type RunWrite, type StoredRun } from './runs.ts';

/** The actors that the store supplies; the pane look-up and the hooks are the caller's. */
export type PostgresActors = Omit<Actors, 'findPane' | 'afterLockAcquired' | 'afterTargetWrite' | 'afterCommit'>;

/** Where the runs are, and of which project. */
export type PostgresStoreOptions = {
  /** Name of the project, 1 to 200 characters; two clones of one repository share runs where they name it alike. */
  readonly project: string;
  /**
   * How long a holder of the lock may stand still before the server ends its transaction, milliseconds; one that is at
   * work in a hook is none. From 100 to 2,147,483,647; default 10,000.
   */
  readonly lockLimitMs?: number | undefined;
  /**
   * State directory of a clone of the project on this host (src/store/postgres/README.md#files-as-a-projection). A call then
   * brings into the database what runtimes wrote there, and writes there what the database decided. Absent: runs are in the
   * database alone.
   */
  readonly stateDir?: string | undefined;
  /** Whether nothing is to stay of a call, in the database or in files; it comes to what it would come to. Default false. */
  readonly dry?: boolean | undefined;
} & (
  | {
      /** A pool of `pg`; it stays the caller's. */
      readonly pool: PostgresPool;
    }
  | {
      /** As `pg` reads it, TLS included. */
      readonly connectionString: string;
    }
);

/** The store's part of one call. */
export interface PostgresStoreCall {
  /** All but the pane look-up and the hooks, for one run of the machine. */
  readonly actors: PostgresActors;
  /** Gives back whatever is still held, however the machine ended. Never throws; may be called twice. */
  readonly close: () => void;
  /** What happened beside the decision so far, such as a file that was passed over. */
  readonly warnings: () => readonly string[];
}

/** Runs of one project in a PostgreSQL database. */
export interface PostgresStore {
  /** Brings the tables to this release's version; with `dryRun`, only tells by which statements. */
  readonly migrate: (options?: { readonly dryRun?: boolean }) => Promise<Migration>;
  /** Makes a session known, as its first launch does; it may be known already. */
  readonly addSession: (session: string) => Promise<void>;
  /** Looks at the project as a whole, and writes nothing. */
  readonly overview: () => Promise<StoreOverview>;
  /** What happened to the runs of the project, oldest first; writes nothing. */
  readonly past: (question: PastQuestion) => Promise<readonly HistoryEntry[]>;
  /** Reads the run of a session; undefined where it has none. */
  readonly getRun: (session: string) => Promise<StoredRun | undefined>;
  /**
   * Writes the run of a session; throws `OWNER_CHANGED` where it was handed over since it was read, `SOURCE_BUSY` where it has
   * counted further.
   */
  readonly putRun: (run: RunWrite) => Promise<void>;
  /** Opens the store for one call; whoever opens it must `close` it. */
  readonly call: (options: PostgresCallOptions, timers?: Timers) => PostgresStoreCall;
  /** Ends the connections that the store opened itself. */
  readonly close: () => Promise<void>;
}

const defaults = { lockLimitMs: 10_000 };

/**
 * Opens the store of runs in PostgreSQL (src/store/postgres/README.md). Nothing is asked of the server yet.
 *
 * @param options - pool or connection string, project, limit
 * @throws Error where `pg` is wanted and missing; TypeError where an option is missing or makes no sense
 * @example
 * const store = await openPostgresStore({ connectionString: 'postgres://db/runs', project: 'shop' });
 * const call = store.call({ session: 's2' });
 * try {
 *   await runForgeSessionResume({ actors: { ...call.actors, ...pane, ...hooks }, input });
 * } finally {
 *   call.close();
 * }
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  refuseOptions(options);
  const { project, lockLimitMs = defaults.lockLimitMs, dry = false } = options;
  const host: Host | undefined =
    options.stateDir === undefined
      ? undefined
      : (await import('./projection/open-host.ts')).openHost(options.stateDir, dry);
  const isOurs = !('pool' in options);
  const real = isOurs ? await openPool(options.connectionString) : options.pool;
  const pool = dry ? dryPool(real) : real;
  return {
    migrate: (wanted) => migrate(pool, wanted),
    addSession: (session) => addSession(pool, project, session),
    overview: () => overviewOf(pool, project),
    past: (question) => pastOf(pool, project, question),
    getRun: (session) => getRun(pool, project, session),
    putRun: (run) => putRun(pool, project, run),
    call: (wanted, timers = globalThis) => {
      const lease = new Lease(pool, project, lockLimitMs);
      const call: PostgresCall = {
        project,
        options: wanted,
        lease,
        host,
        memory: { home: undefined, transfer: undefined, resettled: undefined, pushed: new Map(), warnings: new Set() },
      };
      return {
        actors: actorsOf(call, lockLimitMs / 3, timers),
        close: () => lease.close(),
        warnings: () => [...call.memory.warnings],
      };
    },
    close: async () => {
      if (isOurs) await pool.end();
    },
  };
}

const actorsOf = (call: PostgresCall, touchMs: number, timers: Timers): PostgresActors => ({
  look: look(call),
  acquireLock: acquireLock(call),
  keepLock: keepLock(call, touchMs, timers),
  recover: recover(call),
  readCurrent: readCurrent(call),
  readNamed: readNamed(call),
  endNamed: endNamed(call),
  updateOwner: updateOwner(call),
  scanCandidates: scanCandidates(call),
  retireCopies: retireCopies(call),
  endStale: endStale(call),
  prepare: prepare(call),
  companions: companions(call),
  writeTarget: writeTarget(call),
  writeSource: writeSource(call),
  replan: replan(call),
  commit: commit(call),
  rollback: rollback(call),
  release: release(call),
});
