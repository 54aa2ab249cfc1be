import { lstatSync } from 'node:fs';
import { protocol } from '../../../rules/protocol.ts';
import { attempt } from './io.ts';
import type { StatePaths } from './paths.ts';

const { stateFileBytes } = protocol.limits;

/** Most runs that are named one by one. */
const mostNamed = 5;

/**
 * Says of runs that no scan can judge why that is, in words for a result's `warnings`: else a run that is too large
 * would be "no match" and nothing more.
 *
 * @param paths - the state directory's
 * @param ids - their sessions
 */
export function passedOverWarnings(paths: StatePaths, ids: ReadonlySet<string>): readonly string[] {
  const named = [...ids].sort().slice(0, mostNamed);
  const warnings = named.map(
    (id) => `the run of ${id} was passed over: ${paths.location(id)} ${whatIs(paths.run(id))}`,
  );
  return ids.size > mostNamed ? [...warnings, `${ids.size - mostNamed} more runs were passed over`] : warnings;
}

function whatIs(path: string): string {
  const stat = attempt(() => lstatSync(path));
  if (stat?.isSymbolicLink()) return 'is a symbolic link';
  if (stat !== undefined && !stat.isFile()) return 'is no regular file';
  if (stat !== undefined && stat.size > stateFileBytes) return `is over ${stateFileBytes / 1024 / 1024} MiB`;
  return 'cannot be read, or does not parse';
}
