import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url).pathname;
const root = path.resolve(here, '../../..');

/** The child programs, each in one file. */
export interface RacePrograms {
  /** Makes calls of this version. */
  readonly child: string;
  /** The same, where the kernel lock's addon cannot be found. */
  readonly childWithoutAddon: string;
  readonly legacy: string;
  readonly counter: string;
  /** Makes calls of this version on its own, looks included. */
  readonly caller: string;
  readonly inPlace: string;
  /** Makes one call in a worker thread. */
  readonly thread: string;
  /** Removes them. */
  readonly close: () => void;
}

/** Bundles the child programs. */
export async function bundlePrograms(): Promise<RacePrograms> {
  // Below node_modules, so that the bundles resolve the addon as the sources do.
  const cache = path.join(root, 'node_modules', '.cache');
  fs.mkdirSync(cache, { recursive: true });
  const folder = fs.mkdtempSync(path.join(cache, 'race-'));
  const lonely = fs.mkdtempSync(path.join(os.tmpdir(), 'forge-race-lonely-'));
  const names = ['child', 'legacy', 'counter', 'thread', 'caller', 'in-place'];
  await build({
    entryPoints: Object.fromEntries(names.map((name) => [name, path.join(here, `${name}.ts`)])),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    external: ['fs-native-extensions'],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // What is bundled of CommonJS asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  const childWithoutAddon = path.join(lonely, 'child.mjs');
  fs.copyFileSync(path.join(folder, 'child.mjs'), childWithoutAddon);
  const built = names.map((name) => path.join(folder, `${name}.mjs`));
  const [child = '', legacy = '', counter = '', thread = '', caller = '', inPlace = ''] = built;
  const close = (): void => {
    for (const made of [folder, lonely]) fs.rmSync(made, { recursive: true, force: true });
  };
  return { child, childWithoutAddon, legacy, counter, thread, caller, inPlace, close };
}
