/** All that is done with runs in PostgreSQL, as one part of the program: nobody loads it whose runs are in files. */
export { dryOnPostgres } from './postgres/dry-on-postgres.ts';
export { leaveDatabase } from './postgres/leave-database.ts';
export { planOnPostgres } from './postgres/plan-on-postgres.ts';
export { runOnPostgres } from './postgres/run-on-postgres.ts';
export { claimsOnPostgres, migratePostgres, pastOnPostgres, seePostgres } from './postgres/see-postgres.ts';
export { settleOnPostgres } from './postgres/settle-on-postgres.ts';
export { loadAhead } from './postgres/with-store.ts';
