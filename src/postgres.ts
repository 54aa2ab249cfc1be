/** The store of runs in PostgreSQL, `forge-session-resume/postgres`. Needs the package `pg`. */
export type { PostgresCallOptions } from './store/postgres/call.ts';
export type { PostgresClient, PostgresPool, PostgresResult } from './store/postgres/database/driver.ts';
export type { Migration } from './store/postgres/database/migrate.ts';
export {
  openPostgresStore,
  type PostgresActors,
  type PostgresStore,
  type PostgresStoreCall,
  type PostgresStoreOptions,
} from './store/postgres/index.ts';
export type { SeenRun, StoreOverview } from './store/postgres/overview.ts';
export type { RunWrite, StoredRun } from './store/postgres/runs.ts';
