import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const kept = fileURLToPath(new URL('../../.nodes/', import.meta.url));

/** The major versions of Node that people use, beside the one that the machine has. */
export const majors = [22, 24, 26];

const folderOf = (major) => join(kept, String(major));
const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const programOf = (major) => join(folderOf(major), 'node_modules', packageName, 'bin', 'node');

/** What a binary says of its version; undefined where it is none, or is of another major. */
const versionOf = (major) => {
  const { status, stdout } = spawnSync(programOf(major), ['--version'], { encoding: 'utf8' });
  const version = String(stdout).trim();
  return status === 0 && version.startsWith(`v${major}.`) ? version : undefined;
};

/**
 * The binaries that have been fetched.
 *
 * @returns one entry for each major in use: `version` and `program`, absent where it has not been fetched
 */
export function fetchedNodes() {
  return majors.map((major) => {
    const version = versionOf(major);
    return version === undefined ? { major } : { major, version, program: programOf(major) };
  });
}

/**
 * Fetches the binaries that are missing, as npm carries them; they stay for the next time.
 *
 * @returns as {@link fetchedNodes}, all present
 * @throws Error where npm fails
 */
export function fetchNodes() {
  for (const { major, program } of fetchedNodes()) {
    if (program !== undefined) continue;
    console.error(`fetching Node ${major}`);
    const folder = folderOf(major);
    mkdirSync(folder, { recursive: true });
    const wanted = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', `${packageName}@${major}`];
    const quiet = ['--no-audit', '--no-fund', '--no-update-notifier'];
    const { status } = spawnSync('npm', [...wanted, ...quiet, '--prefix', folder], { stdio: ['ignore', 2, 2] });
    if (status !== 0 || versionOf(major) === undefined) throw new Error(`npm brought no Node ${major}`);
  }
  return fetchedNodes();
}
