/** Bundles the command line into dist/cli: one small program, and parts that load when they are needed. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join, parse, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { replaceFolder } from './replace-folder.mjs';
import { standIns } from './stand-ins.mjs';

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

/** The bundled program loads its part for agents from a code cache. */
const loadFromCodeCache = {
  name: 'load-from-code-cache',
  setup: (step) =>
    step.onResolve({ filter: /^\.\/load-agent\.ts$/ }, ({ resolveDir }) => ({
      path: join(resolveDir, 'load-cached-agent.ts'),
    })),
};

const packageOf = (input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];

/** The licences of what is bundled, which ask to go with it. */
const licences = (metafile) => {
  const packages = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));
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

/** The part that has a code cache. */
const cachedPart = 'agent.cjs';

/** Says in front which content this is: a code cache of another one would fit if only the length were the same. */
const withHash = (contents) => {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  return Buffer.concat([Buffer.from(`/*${hash}*/`), contents]);
};

const asFiles = ({ metafile, outputFiles }) => {
  const files = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  files.set(cachedPart, withHash(files.get(cachedPart)));
  return { metafile, files: files.set('THIRD-PARTY-LICENSES.txt', licences(metafile)) };
};

const bundle = (parts) =>
  build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...parts].map((source) => [nameOf(source), source])),
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
    external: ['fs-native-extensions'],
    // `import()` would start the ES module loader for a file that `require` can load.
    supported: { 'dynamic-import': false },
    // All that it is used for is `createRequire`, which takes a path as well.
    define: { 'import.meta.url': '__filename' },
    plugins: [loadFromCodeCache, splitAtDynamicImports(parts), standIns],
    logLevel: 'warning',
  });

/**
 * Bundles the command line in memory: the program, and a file for each source that is imported dynamically.
 *
 * @returns esbuild's metafile and the files by name
 */
export async function bundleCli() {
  // What comes from a code cache is imported nowhere.
  const parts = new Set([program, join(root, 'src', 'cli', 'agent.ts')]);
  for (;;) {
    const known = parts.size;
    const built = await bundle(parts);
    if (parts.size === known) return asFiles(built);
  }
}

/**
 * Puts a bundled command line in place, file by file, so that running programs never see half of one, and makes its
 * code cache, for the Node that is running.
 *
 * @param folder - gets exactly these files
 * @param files - as {@link bundleCli} made them
 */
export async function placeCli(folder, files) {
  replaceFolder(folder, files, { executable: 'forge-resume.cjs' });
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test', 'tools', 'make-code-cache.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
  });
  const { status, stderr } = spawnSync(process.execPath, ['-', folder], {
    input: outputFiles[0].contents,
    env: { PATH: process.env.PATH, RCS_SESSION_ID: 'now' },
    encoding: 'utf8',
  });
  // The part says on standard error what went wrong, and ends well.
  if (status !== 0 || stderr !== '') throw new Error(`the code cache could not be made: ${stderr}`);
}

/** Bundles the command line and puts it into dist/cli. */
export async function buildCli() {
  const { metafile, files } = await bundleCli();
  await placeCli(outdir, files);
  return metafile;
}
