import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The package that brings a tool, where its name is another. */
const packages: Readonly<Record<string, string>> = {
  rg: 'ripgrep',
  ip: 'iproute2',
  nsenter: 'util-linux',
  unshare: 'util-linux',
};

/**
 * Whether a suite that needs a tool of the system can run: `describe.runIf(needs('tmux'))(...)`.
 * A missing tool is named with the command that installs it, so that no suite is passed over in silence.
 *
 * @param tool - name of the executable, looked for in `PATH`
 * @returns false where it is missing; the suite is then reported as skipped
 * @throws Error where it is missing and `FORGE_RESUME_REQUIRE_TOOLS=1` asks for every suite to run
 */
export function needs(tool: string): boolean {
  if (inPath(tool)) return true;
  const hint = `this suite needs ${tool}, which is not in PATH: apt-get install ${packages[tool] ?? tool}`;
  if (process.env['FORGE_RESUME_REQUIRE_TOOLS'] === '1') throw new Error(hint);
  console.warn(`skipped: ${hint}`);
  return false;
}

/**
 * Where a tool is.
 *
 * @param tool - name of the executable, looked for in `PATH`
 * @throws Error where it is missing
 */
export function pathTo(tool: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const path = folders.map((folder) => join(folder, tool)).find(isExecutable);
  if (path === undefined) throw new Error(`${tool} is not in PATH`);
  return path;
}

function inPath(tool: string): boolean {
  try {
    return pathTo(tool) !== '';
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
