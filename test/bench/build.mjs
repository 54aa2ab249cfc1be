import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleCli } from '../tools/build-cli.mjs';
import { replaceFolder } from '../tools/replace-folder.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');

/**
 * Builds what benches measure: the command line's bundle as it ships in `product/`, the baseline, and the programs
 * that drive them.
 *
 * @param tools - names of programs of this folder
 * @param name - of the folder; whoever may build at the same instant needs one of their own
 * @returns the folder of the built files
 */
export async function buildBench(tools, name) {
  const folder = join(root, 'node_modules', '.cache', name);
  replaceFolder(join(folder, 'product'), (await bundleCli()).files, { executable: 'forge-resume.cjs' });
  await build({
    absWorkingDir: here,
    entryPoints: [
      'baseline.ts',
      'baseline-notify.ts',
      'footprint-child.ts',
      'trace-call.ts',
      ...tools.map((tool) => `${tool}.ts`),
    ],
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['fs-native-extensions', 'tinybench'],
    logLevel: 'warning',
  });
  return folder;
}
