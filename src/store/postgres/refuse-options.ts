import { isProjectName, projectNameWords } from '../../rules/project-name.ts';
import type { PostgresStoreOptions } from './index.ts';

/** The shortest time that a holder may stand still, and the longest that the server knows, milliseconds. */
const limits = { least: 100, most: 2 ** 31 - 1 };

/**
 * Refuses options that the server could not make sense of, by their names: without an address the driver would take one
 * from elsewhere.
 *
 * @param options - as they were given
 * @throws TypeError
 */
export function refuseOptions(options: PostgresStoreOptions): void {
  const { project, lockLimitMs = limits.most } = options;
  const wrong = (what: string) => new TypeError(`openPostgresStore: ${what}`);
  if (!isProjectName(project)) throw wrong(`project must be a name of ${projectNameWords}`);
  if (typeof lockLimitMs !== 'number' || !(lockLimitMs >= limits.least && lockLimitMs <= limits.most))
    throw wrong(`lockLimitMs must be a number of milliseconds from ${limits.least} to ${limits.most}`);
  const isNamed = 'pool' in options ? Boolean(options.pool) : isText(options.connectionString);
  if (!isNamed) throw wrong('name a pool, or a connectionString');
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
