import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleCli } from '../tools/build-cli.mjs';
import { bundleLibrary } from '../tools/build-library.mjs';
import { replaceFolder } from '../tools/replace-folder.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..', '..');

/** Programs of a host that takes the library as a package. */
const hosts = {
  'empty.mjs': '',
  'import.mjs': "import 'forge-session-resume';\n",
  'first-call.mjs': `import { reconcileForgeSessionResume } from 'forge-session-resume';
const [stateDir, payloadSessionId, reason] = process.argv.slice(2);
const result = await reconcileForgeSessionResume({ stateDir, payloadSessionId });
if (result.reason !== reason) process.exitCode = 1;
`,
};

/** Puts the library and the program into a folder as somebody who installs the package gets them. */
const placePackage = async (folder) => {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  replaceFolder(join(folder, 'dist', 'lib'), (await bundleLibrary()).files);
  const program = (await bundleCli()).files;
  replaceFolder(join(folder, 'dist', 'cli'), program, { executable: 'forge-resume.cjs' });
};

/**
 * Builds what benches measure: the package as it ships, the baseline, and the programs that drive them.
 *
 * @param tools - names of programs of this folder
 * @param name - of the folder; whoever may build at the same instant needs one of their own
 * @returns the folder of the built files
 */
export async function buildBench(tools, name) {
  const folder = join(root, 'node_modules', '.cache', name);
  await placePackage(join(folder, 'node_modules', 'forge-session-resume'));
  for (const [file, text] of Object.entries(hosts)) writeFileSync(join(folder, file), text);
  await build({
    absWorkingDir: here,
    entryPoints: [
      'baseline.ts',
      'baseline-notify.ts',
      'footprint-child.ts',
      'trace-call.ts',
      'postgres-host.ts',
      ...tools.map((tool) => `${tool}.ts`),
    ],
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['tinybench', 'pg'],
    logLevel: 'warning',
  });
  return folder;
}
