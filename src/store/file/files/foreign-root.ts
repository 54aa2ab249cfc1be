import { statSync } from 'node:fs';
import { attempt } from './io.ts';

/**
 * Whether this process is root in somebody else's state directory, so that what it creates there is root's
 * (src/store/file/README.md#reaching-files-safely).
 *
 * @param stateDir - the state directory
 */
export function isForeignRoot(stateDir: string): boolean {
  if (process.geteuid?.() !== 0) return false;
  return (attempt(() => statSync(stateDir).uid) ?? 0) !== 0;
}
