import { lstatSync } from 'node:fs';
import { attempt } from '../../../store/file/files/io.ts';

/** What is younger may be on its way to become something else, milliseconds. */
export const settledMs = 10_000;

/**
 * Whether something stands at a path that nobody has changed for a while.
 *
 * @param path - where
 * @param now - epoch milliseconds
 */
export function isOld(path: string, now: number): boolean {
  const stat = attempt(() => lstatSync(path));
  return stat !== undefined && now - stat.mtimeMs > settledMs;
}
