import { isKeeper, isLeftBehind, judgeTrail, type Trail } from '../../../rules/trail.ts';
import type { FileRead } from './state-file.ts';

/**
 * The trail in a file.
 *
 * @param read - the file as read
 * @returns undefined where there is none that can be read
 */
export function trailIn(read: FileRead): Trail | undefined {
  if (read.kind !== 'file') return undefined;
  try {
    return judgeTrail(JSON.parse(read.bytes.toString('utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Follows the keepers of a session that was left behind to the session where its run is now.
 *
 * @param id - the session
 * @param trailOf - reads trails
 * @returns undefined where the session was not left behind, or its keepers lead back to it
 */
export function lastKeeper(id: string, trailOf: (id: string) => Trail | undefined): string | undefined {
  const seen = new Set([id]);
  let here = id;
  for (let trail = trailOf(here); isLeftBehind(trail); trail = trailOf(here)) {
    here = trail.keeper;
    if (seen.has(here)) return undefined;
    seen.add(here);
  }
  return here === id ? undefined : here;
}

/**
 * The sessions whose live runs prove that a session's run is a copy: the current one and the last of its keepers, as far
 * as their trails name it.
 *
 * @param id - the session with the copy
 * @param currentId - the current session
 * @param trailOf - reads trails
 */
export function possibleKeepers(
  id: string,
  currentId: string,
  trailOf: (id: string) => Trail | undefined,
): readonly string[] {
  const ends = [currentId === id ? undefined : currentId, lastKeeper(id, trailOf)];
  return ends.filter((end): end is string => {
    const trail = end === undefined ? undefined : trailOf(end);
    return isKeeper(trail) && trail.left.some(({ session }) => session === id);
  });
}
