import { journalSides } from '../../../rules/journal.ts';
import { protocol } from '../../../rules/protocol.ts';
import { isKeeper, isLeftBehind, sights, type Trail } from '../../../rules/trail.ts';
import { firstNames } from './first-names.ts';
import { lstatSync } from './node-fs.ts';
import type { StatePaths } from './paths.ts';
import { readStateFile, sightOf } from './state-file.ts';
import { tempBeside } from './temp-name.ts';
import { trailIn } from './trails.ts';

/**
 * Whether nothing that an earlier call left could concern a call of this session: no lock folder, no unfinished
 * transfer of it, no temp file beside its run, no copy of its run that may have come back to life
 * (src/store/file/README.md#look).
 *
 * @param paths - the state directory's
 * @param currentId - the current session, if one is
 * @param isLive - whether its run is live
 * @throws Error where something stands in the place of our folders, or cannot be looked at
 */
export function isQuiet(paths: StatePaths, currentId: string | undefined, isLive: boolean): boolean {
  if (stands(paths.lockFolder)) return false;
  if (currentId === undefined) return true;
  if (stands(tempBeside(paths.run(currentId)))) return false;
  if (!isFolder(paths.own)) return true;
  if (isFolder(paths.journals) && namesSession(paths.journals, currentId)) return false;
  const trail = isFolder(paths.trails) ? readTrailAt(paths, currentId) : undefined;
  if (isLeftBehind(trail)) return !isLive;
  return !isKeeper(trail) || trail.left.every(({ session, seen }) => sightAt(paths.run(session)) === seen);
}

/**
 * Whether a live run may be a copy, or an unfinished transfer's: the lock judges those, whether a call may take them or
 * not.
 *
 * @param paths - the state directory's
 * @param id - the run's session
 * @throws Error where something stands in the place of our folders
 */
export function mayBeCopy(paths: StatePaths, id: string): boolean {
  if (!isFolder(paths.own)) return false;
  if (isFolder(paths.journals) && namesSession(paths.journals, id)) return true;
  return isFolder(paths.trails) && isLeftBehind(readTrailAt(paths, id));
}

/**
 * A session's trail, read by its path.
 *
 * @param paths - the state directory's
 * @param id - the session
 * @throws Error where something stands in the place of our folders
 */
export function trailAt(paths: StatePaths, id: string): Trail | undefined {
  return isFolder(paths.own) && isFolder(paths.trails) ? readTrailAt(paths, id) : undefined;
}

const readTrailAt = (paths: StatePaths, id: string): Trail | undefined =>
  trailIn(readStateFile(paths.trail(id), protocol.limits.trailBytes));

/** Whether a journal names a session; of more names than are read, nothing is known. */
function namesSession(journals: string, id: string): boolean {
  return firstNames(journals, protocol.limits.journalNames).some((name) => {
    const sides = journalSides(name);
    return sides !== undefined && (sides.source === id || sides.target === id);
  });
}

function sightAt(path: string): string {
  const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? sights.absent : sightOf(stat);
}

function stands(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) throw new Error(`${path} is no folder`);
  return stat !== undefined;
}
