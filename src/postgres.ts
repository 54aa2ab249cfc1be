/** The store of runs in PostgreSQL, `forge-session-resume/postgres`. Needs the package `pg`. */
export type * from '../machines/contract.ts';
export type { Liveness, LivenessSign } from './rules/liveness.ts';
export type { Policies } from './rules/policies.ts';
export type { Reason } from './rules/protocol.ts';
export type { HistoryEntry } from './store/file/transfer/history.ts';
export type { Timers } from './store/postgres/actors/keep-lock.ts';
export type { PostgresCallOptions } from './store/postgres/call.ts';
export type { PostgresClient, PostgresPool, PostgresQuery, PostgresResult } from './store/postgres/database/driver.ts';
export type { Migration } from './store/postgres/database/migrate.ts';
export {
  openPostgresStore,
  type PostgresActors,
  type PostgresStore,
  type PostgresStoreCall,
  type PostgresStoreOptions,
} from './store/postgres/index.ts';
export type { SeenRun, StoreOverview } from './store/postgres/overview.ts';
export type { UnknownClaim } from './store/postgres/projection/unknown-claims.ts';
export type { PastQuestion } from './store/postgres/rows/history.ts';
export type { RunWrite, StoredRun } from './store/postgres/runs.ts';
