/** The trail first, where it was kept: a run that lives without one knows of no copy of itself. */
export const withTrail = '{ [ ! -e "$1.trail" ] || cp -p -- "$1.trail" "$3"; } && cp -p -- "$1" "$2"';

/**
 * What puts a run back that the machine has changed.
 *
 * @param kept - where its bytes are; those of its trail beside it, as `.trail`
 * @param run - its file
 * @param trail - its session's trail, where that went with it
 */
export const runBack = (kept: string, run: string, trail?: string): readonly string[] =>
  trail === undefined ? ['cp', '-p', '--', kept, run] : ['sh', '-c', withTrail, 'sh', kept, run, trail];
