/** `npm run build`: the library with its types into dist/src and dist/machines, the command line into dist/cli. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCli } from './build-cli.mjs';
import { replaceFolder } from './replace-folder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const buildLibrary = () => {
  // In the same file system as dist, and ignored by every tool.
  const staging = mkdtempSync(join(root, 'node_modules', '.forge-build-'));
  try {
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const project = join(root, 'test', 'tools', 'tsconfig.build.json');
    const { status } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', staging], { stdio: 'inherit' });
    if (status !== 0) throw new Error('tsc found errors; dist is as it was');
    for (const part of ['src', 'machines']) {
      const names = readdirSync(join(staging, part), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(join(staging, part).length + 1));
      replaceFolder(join(root, 'dist', part), new Map(names.map((n) => [n, readFileSync(join(staging, part, n))])));
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
};

try {
  buildLibrary();
  await buildCli();
} catch (error) {
  console.error(`build: ${error.message}`);
  process.exitCode = 1;
}
