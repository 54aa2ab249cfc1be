import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Whoever is no root becomes it in a namespace of its own. */
const unshare = ['unshare', ...(process.getuid?.() === 0 ? [] : ['-r']), '-m'];

/**
 * A command that runs another where a folder, and all below it, is mounted read-only. It leaves nothing: the mount ends
 * with the process that sees it.
 *
 * @param folder - the folder
 * @returns what stands before the command
 */
export const inReadOnly = (folder: string): readonly string[] => [
  ...unshare,
  'sh',
  '-c',
  'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"',
  folder,
];

/** Whether this machine lets us mount; where not, that is said. */
export function readOnlyMountsWork(): boolean {
  const [command = '', ...args] = [...inReadOnly(tmpdir()), 'sh', '-c', '! touch "$0"', `${tmpdir()}/forge-read-only`];
  const works = spawnSync(command, args, { stdio: 'ignore' }).status === 0;
  if (!works) console.warn('skipped: this suite needs mount namespaces, which this machine does not grant');
  return works;
}
