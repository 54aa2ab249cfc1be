import { messageOf } from '../../../errors.ts';
import type { ConfiguredStore } from '../../store/configured-store.ts';
import { onStore, storeOf } from '../../store/store-of.ts';
import type { LineRecord } from '../json-lines.ts';

/** What the database that a project's runs are in knows of their past. */
export interface StorePast {
  /** The database; undefined where what names it cannot be understood. */
  readonly store: ConfiguredStore | undefined;
  /** Oldest first, in the form of the lines of a history. */
  readonly records: readonly LineRecord[];
  /** Why it could not be asked, and what to do next; undefined where it answered. */
  readonly trouble: string | undefined;
}

/**
 * Asks the database that a project's runs are in for what happened to them; takes no lock, writes nothing.
 *
 * @param stateDir - the project's state directory
 * @param env - environment
 * @param question - about which session, since when in epoch milliseconds, and how many at most
 * @returns undefined where the runs are in the project's files
 */
export async function storePastOf(
  stateDir: string,
  env: Readonly<Record<string, string | undefined>>,
  question: { readonly session?: string | undefined; readonly since?: number | undefined; readonly limit: number },
): Promise<StorePast | undefined> {
  let store: ConfiguredStore | undefined;
  try {
    store = await storeOf(stateDir, env);
    if (store === undefined) return undefined;
    const place = store;
    const entries = await onStore(place, ({ pastOnPostgres }) => pastOnPostgres(place, question));
    return { store, records: entries.map((entry): LineRecord => ({ ...entry })), trouble: undefined };
  } catch (error) {
    return { store, records: [], trouble: messageOf(error) };
  }
}
