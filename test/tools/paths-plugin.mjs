/** Generates the paths through the chart while the page is bundled: in a browser that would take it seconds. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(root, 'src', 'graph', 'paths.ts');

const generate = async () => {
  // Inside the project, so that packages are found from there.
  const outfile = join(root, 'node_modules', `.forge-paths-${process.pid}.mjs`);
  try {
    const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external' };
    await build({ entryPoints: [source], outfile, ...options });
    const { resumePaths } = await import(pathToFileURL(outfile).href);
    return resumePaths();
  } finally {
    rmSync(outfile, { force: true });
  }
};

/** Gives equal values one number. */
const table = () => {
  const numbers = new Map();
  return {
    numberOf: (value) => {
      const text = JSON.stringify(value);
      if (!numbers.has(text)) numbers.set(text, numbers.size);
      return numbers.get(text);
    },
    json: () => `[${[...numbers.keys()].join(',')}]`,
  };
};

/** What the page asks of a path, and nothing else of it. */
const asData = (paths) => {
  const [inputs, steps] = [table(), table()];
  const rows = paths.map(({ input, steps: all }) => [
    inputs.numberOf(input),
    ...all.map(({ transition, outcome }) => steps.numberOf({ transition, outcome })),
  ]);
  return `
    const inputs = ${inputs.json()};
    const steps = ${steps.json()};
    const paths = ${JSON.stringify(rows)}.map(([input, ...way], index) => ({
      id: 'p' + (index + 1), input: inputs[input], steps: way.map((step) => steps[step]),
    }));
    export const resumePaths = () => paths;`;
};

let data;

/** For esbuild: puts the paths in the place of what generates them. */
export const pathsPlugin = {
  name: 'paths-as-data',
  setup: (step) =>
    step.onLoad({ filter: /[\\/]graph[\\/]paths\.ts$/ }, async () => {
      data ??= generate().then(asData);
      return { contents: await data, loader: 'js' };
    }),
};
