/** Lays the chart out while something is bundled, so that what is built holds its geometry as data and needs no elkjs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'src', 'graph', 'layout', 'chart-geometry.ts');

const ask = async () => {
  // Inside the project, so that packages are found from there.
  const outfile = join(root, 'node_modules', `.forge-geometry-${process.pid}.mjs`);
  try {
    await build({
      entryPoints: [source],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const { chartGeometry } = await import(pathToFileURL(outfile).href);
    return await chartGeometry();
  } finally {
    rmSync(outfile, { force: true });
  }
};

let answer;
/** The geometry, laid out once a process. */
const geometry = () => {
  answer ??= ask();
  return answer;
};

/** For esbuild: puts the answer in the place of the function that finds it. */
export const geometryPlugin = {
  name: 'geometry-as-data',
  setup: (step) =>
    step.onLoad({ filter: /[\\/]chart-geometry\.ts$/ }, async ({ path }) =>
      path === source
        ? { contents: `export const chartGeometry = async () => (${JSON.stringify(await geometry())});`, loader: 'js' }
        : undefined,
    ),
};
