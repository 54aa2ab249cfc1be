import { configuredStore } from './configured-store.ts';

/**
 * Refuses what knows files alone, where a project's runs are in a database: what it said would be about the past.
 *
 * @param stateDir - the project's state directory
 * @param instead - what does know
 * @throws Error
 */
export function refuseStore(stateDir: string, instead: string): void {
  const store = configuredStore(stateDir, process.env);
  if (store === undefined) return;
  throw new Error(`not on PostgreSQL yet, and the runs are in ${store.shown}. ${instead}`);
}
