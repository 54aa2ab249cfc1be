import type { HistoryEntry } from '../../store/file/transfer/history.ts';
import type { Migration } from '../../store/postgres/database/migrate.ts';
import type { StoreOverview } from '../../store/postgres/overview.ts';
import type { UnknownClaim } from '../../store/postgres/projection/unknown-claims.ts';
import type { PastQuestion } from '../../store/postgres/rows/history.ts';
import { inTime, type StorePlace, withStore } from './with-store.ts';

/**
 * Looks at a project in its database.
 *
 * @param place - the database
 * @throws Error where `pg` is missing; ForgeResumeError where the database is away, or tables or rights are missing
 */
export const seePostgres = (place: StorePlace): Promise<StoreOverview> =>
  withStore(place, {}, (store) => inTime(store.overview()));

/**
 * Finds the runs of a host of which a person must say who goes on.
 *
 * @param place - the database
 * @param stateDir - the host's state directory
 * @throws Error where `pg` is missing; ForgeResumeError where the database is away, or tables or rights are missing
 */
export const claimsOnPostgres = (place: StorePlace, stateDir: string): Promise<readonly UnknownClaim[]> =>
  withStore(place, { stateDir }, (store) => inTime(store.unknownClaims()));

/**
 * What happened to the runs of a project, oldest first.
 *
 * @param place - the database
 * @param question - what is wanted
 * @throws Error where `pg` is missing; ForgeResumeError where the database is away, or tables or rights are missing
 */
export const pastOnPostgres = (place: StorePlace, question: PastQuestion): Promise<readonly HistoryEntry[]> =>
  withStore(place, {}, (store) => inTime(store.past(question)));

/**
 * Brings a database's tables to this release's version.
 *
 * @param place - the database
 * @param dryRun - only tells by which statements
 * @throws Error where `pg` is missing; ForgeResumeError `JOURNAL_VERSION` where they are of a newer release, `IO` where the
 * database refuses
 */
export const migratePostgres = (place: StorePlace, dryRun: boolean): Promise<Migration> =>
  withStore(place, {}, (store) => store.migrate({ dryRun }));
