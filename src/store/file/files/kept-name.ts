import type { BigIntStats } from 'node:fs';
import { attempt } from './io.ts';

/**
 * Under which name something is kept in quarantine: when it was changed last, what it is, why; so the same one always.
 *
 * @param stat - of it
 * @param what - a session, or what else it is
 * @param why - an illness, or `end`
 */
export const keptName = ({ mtimeMs }: Pick<BigIntStats, 'mtimeMs'>, what: string, why: string): string =>
  `${(attempt(() => new Date(Number(mtimeMs)).toISOString()) ?? 'undated').replaceAll(/[:.]/g, '-')}-${what}-${why}`;
