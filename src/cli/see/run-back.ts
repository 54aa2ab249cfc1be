import { existsSync } from 'node:fs';
import type { StatePaths } from '../../store/file/files/paths.ts';

/** The trail first, where it was kept: a run that lives without one knows of no copy of itself. */
export const withTrail = '{ [ ! -e "$1.trail" ] || cp -p -- "$1.trail" "$3"; } && cp -p -- "$1" "$2"';

/**
 * What puts a run back that the machine has changed.
 *
 * @param kept - where its bytes are
 * @param run - its file
 */
export const runBack = (kept: string, run: string): readonly string[] => ['cp', '-p', '--', kept, run];

/**
 * What puts a run back that is ended, or is about to be, and its session's trail where it has one.
 *
 * @param paths - the state directory's
 * @param session - its session
 * @param kept - where its bytes are; those of the trail beside it, as `.trail`
 */
export const endedBack = (paths: StatePaths, session: string, kept: string): readonly string[] => {
  const [run, trail] = [paths.run(session), paths.trail(session)];
  const hasTrail = existsSync(`${kept}.trail`) || existsSync(trail);
  return hasTrail ? ['sh', '-c', withTrail, 'sh', kept, run, trail] : runBack(kept, run);
};
