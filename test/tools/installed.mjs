import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packagesIn = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined);

/** Whether node_modules holds what package-lock.json asks for; contents decide, not times, which a clone changes. */
const isInstalled = (root) => {
  const wanted = packagesIn(join(root, 'package-lock.json'));
  const present = packagesIn(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link === true) return true;
    return present[path] === undefined ? optional === true : present[path].version === version;
  });
};

/**
 * Runs `npm ci` where node_modules is missing or not what the lock file says.
 *
 * @param root - the project's folder
 * @throws Error where npm fails
 */
export function install(root) {
  if (isInstalled(root)) return;
  console.error('installing packages: npm ci');
  // npm's output is nobody's result: whoever reads our standard output gets the command's own.
  const { status, error } = spawnSync('npm', ['ci'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ''}`);
}
