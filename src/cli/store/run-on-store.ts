import type { ConfiguredStore } from './configured-store.ts';
import { troubleOf } from './store-trouble.ts';

/** All that is done with runs in PostgreSQL. */
export type PostgresPart = typeof import('../../call/on-postgres.ts');

/** Loads it. */
export const postgresPart = (): Promise<PostgresPart> => import('../../call/on-postgres.ts');

/**
 * Does something on a store; what is needed for that is loaded now.
 *
 * @param store - which one
 * @param action - what
 * @throws StoreTrouble that says what to do next
 */
export async function runOnStore<Result>(
  store: ConfiguredStore,
  action: (part: PostgresPart) => Promise<Result>,
): Promise<Result> {
  // What the driver warns of would be more than the one line that an agent is promised; what fails says so itself.
  process.removeAllListeners('warning');
  try {
    return await action(await postgresPart());
  } catch (error) {
    throw troubleOf(error, store);
  }
}
