/** The library as plain JavaScript, for tests that must run it in a Node process of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleLibrary as builtLibrary } from '../tools/build-library.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/**
 * Bundles the library as it ships; its packages stay what they are.
 *
 * @param folder - a scratch folder; the library gets one in it, and the packages are linked into it
 * @returns the path of the entry, an ES module
 */
export async function bundleLibrary(folder: string): Promise<string> {
  const library = join(folder, 'library');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  mkdirSync(library);
  writeFileSync(join(library, 'package.json'), '{ "type": "module" }');
  for (const [name, contents] of (await builtLibrary()).files) writeFileSync(join(library, name), contents);
  return join(library, 'index.js');
}

/**
 * Runs a script with Node to its end.
 *
 * @param script - path and source of an ES module
 * @param args - arguments of the script
 * @returns what it printed, parsed as JSON
 * @throws where it fails or does not end within 20 s
 */
export async function runScript(
  script: { readonly path: string; readonly source: string },
  args: readonly string[] = [],
): Promise<unknown> {
  writeFileSync(script.path, script.source);
  const { TMUX_PANE: _pane, NODE_OPTIONS: _options, ...env } = process.env;
  const { stdout } = await run(process.execPath, [script.path, ...args], { env, timeout: 20_000 });
  return JSON.parse(stdout);
}
