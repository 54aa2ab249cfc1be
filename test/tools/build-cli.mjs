/** Bundles the command line into dist/cli: one small program, and parts that load when they are needed. */
import { readFileSync } from 'node:fs';
import { basename, join, parse, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundlePage } from './build-page.mjs';
import { geometryPlugin } from './geometry-plugin.mjs';
import { replaceFolder } from './replace-folder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outdir = join(root, 'dist', 'cli');

const program = join(root, 'src', 'cli', 'main.ts');
const nameOf = (source) => (source === program ? 'forge-resume' : parse(source).name);

// esbuild splits ES modules only, and a CommonJS program starts faster.
const splitAtDynamicImports = (parts) => ({
  name: 'split-at-dynamic-imports',
  setup: (step) =>
    step.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const source = resolve(resolveDir, path);
      parts.add(source);
      return { path: `./${nameOf(source)}.cjs`, external: true };
    }),
});

/** Some parts of the program run or read the chart: XState is a part of its own for all of them. */
const shareXstate = {
  name: 'share-xstate',
  setup: (step) => {
    step.onResolve({ filter: /^xstate$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './xstate.cjs', external: true },
    );
  },
};

const packageOf = (input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];

/** The licences of what is bundled, which ask to go with it. */
const licences = (...metafiles) => {
  const packages = new Set(
    metafiles
      .flatMap(({ inputs }) => Object.keys(inputs))
      .map(packageOf)
      .filter(Boolean),
  );
  const texts = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license'].find((candidate) => {
      try {
        return readFileSync(join(root, folder, candidate));
      } catch {
        return false;
      }
    });
    const text = file === undefined ? `License: ${license}\n` : readFileSync(join(root, folder, file), 'utf8');
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  return `Third-party code in these files, with its licences.\n\n${texts.join('\n---\n\n')}`;
};

const asFiles = ({ metafile, outputFiles }, page) => {
  const files = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  files.set('inspect-page.html', page.html);
  return { metafile, files: files.set('THIRD-PARTY-LICENSES.txt', licences(metafile, page.metafile)) };
};

const bundle = (parts) =>
  build({
    absWorkingDir: root,
    entryPoints: { xstate: 'xstate', ...Object.fromEntries([...parts].map((source) => [nameOf(source), source])) },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    external: ['fs-native-extensions', 'elkjs', 'pg'],
    // Its other form finds its parts only where it runs.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // `import()` would start the ES module loader for a file that `require` can load.
    supported: { 'dynamic-import': false },
    // All that it is used for is `createRequire`, which takes a path as well.
    define: { 'import.meta.url': '__filename' },
    plugins: [geometryPlugin, splitAtDynamicImports(parts), shareXstate],
    logLevel: 'warning',
  });

/**
 * Bundles the command line in memory: the program, and a file for each source that is imported dynamically.
 *
 * @returns esbuild's metafile and the files by name
 */
export async function bundleCli() {
  const parts = new Set([program]);
  for (;;) {
    const known = parts.size;
    const built = await bundle(parts);
    if (parts.size === known) return asFiles(built, await bundlePage());
  }
}

/** Bundles the command line and puts it into dist/cli. */
export async function buildCli() {
  const { metafile, files } = await bundleCli();
  replaceFolder(outdir, files, { executable: 'forge-resume.cjs' });
  return metafile;
}
