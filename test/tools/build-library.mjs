/** Builds the library: its entries and what they share into dist/lib, its types into dist/types. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { replaceFolder } from './replace-folder.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const code = join(root, 'dist', 'lib');
const types = join(root, 'dist', 'types');

/** The package's entries: name of the bundled file, and source. */
const entries = {
  index: 'src/index.ts',
  machine: 'src/machine.ts',
  schemas: 'src/schemas.ts',
  testing: 'src/testing/index.ts',
};

/**
 * Bundled by itself, with copies of the rules, and of the primitives of files, that it needs: sharing them would cut what a call on files loads into more
 * pieces. The error class alone must be the same.
 */
const apart = { postgres: 'src/postgres.ts' };

const errorsOfIndex = {
  name: 'errors-of-index',
  setup: (step) => step.onResolve({ filter: /\/errors\.ts$/ }, () => ({ path: './index.js', external: true })),
};

/**
 * esbuild makes a file for each set of entries and later parts that share something: a process that makes one call would
 * load ten small ones, at half a millisecond each. So some share all of these or none of them.
 */
const together = [
  {
    // Pure, so that the machine and the schemas run outside Node as well.
    shared: [
      'machines/guards.ts',
      'src/call/result.ts',
      'src/errors.ts',
      'src/rules/journal.ts',
      'src/rules/session-id.ts',
      'src/rules/trail.ts',
    ],
    by: [
      ...Object.values(entries),
      'src/call/run-call.ts',
      'src/call/run-machine.ts',
      'src/call/record-call.ts',
      'src/call/record-look.ts',
      'src/rules/journal-schema.ts',
    ],
  },
  {
    shared: ['src/call/run-call.ts'],
    by: [entries.testing, 'src/call/run-machine.ts', 'src/call/record-call.ts', 'src/call/record-look.ts'],
  },
];

const keepTogether = {
  name: 'keep-together',
  setup: (step) =>
    step.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const groups = together.filter(({ by }) => by.includes(relative(root, path)));
      if (groups.length === 0) return undefined;
      const imports = groups.flatMap(({ shared }) =>
        shared.map((file) => `import ${JSON.stringify(join(root, file))};`),
      );
      // At the end, so that the maps stay true.
      return { contents: `${readFileSync(path, 'utf8')}\n${imports.join('\n')}\n`, loader: 'ts' };
    }),
};

/** Keeps fs-extra out of what others bundle; that file says why. */
const loadLate = {
  name: 'load-late',
  setup: (step) =>
    step.onResolve({ filter: /^fs-extra$/ }, () => ({ path: join(root, 'src/store/file/files/late-fs-extra.ts') })),
};

/**
 * Bundles the library in memory: a file for each entry, and others that they share or load later.
 *
 * @returns esbuild's metafile, and the files by name, shared ones first
 */
export async function bundleLibrary() {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const common = {
    absWorkingDir: root,
    outdir: code,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    external: Object.keys({ ...dependencies, ...peerDependencies }),
    minify: true,
    // The sources are in the package, once.
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  };
  const { metafile, outputFiles } = await build({
    ...common,
    entryPoints: entries,
    chunkNames: '[name]-[hash]',
    splitting: true,
    plugins: [keepTogether, loadLate],
  });
  const alone = await build({
    ...common,
    entryPoints: apart,
    chunkNames: 'postgres-[name]-[hash]',
    splitting: true,
    plugins: [errorsOfIndex, loadLate],
  });
  const isEntry = (name) => Object.hasOwn({ ...entries, ...apart }, name.split('.')[0]);
  const files = [...outputFiles, ...alone.outputFiles].map(({ path, contents }) => [relative(code, path), contents]);
  return { metafile, files: new Map(files.sort(([a], [b]) => isEntry(a) - isEntry(b))) };
}

const emitTypes = (folder) => {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const project = join(root, 'test', 'tools', 'tsconfig.build.json');
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', folder], { stdio: 'inherit' });
  if (status !== 0) throw new Error('tsc found errors; dist is as it was');
};

/** The sources whose types an entry speaks of. */
const withTypes = (folder) => {
  const found = new Set(Object.values({ ...entries, ...apart }));
  for (const source of found) {
    const text = readFileSync(join(folder, source.replace(/\.ts$/, '.d.ts')), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      found.add(join(dirname(source), target));
    }
  }
  return [...found];
};

/** Declarations and maps by name; the maps lead from their place in the package to the sources. */
const typeFiles = () => {
  const staging = mkdtempSync(join(tmpdir(), 'forge-build-'));
  try {
    emitTypes(staging);
    return new Map(
      withTypes(staging).flatMap((source) => {
        const name = source.replace(/\.ts$/, '.d.ts');
        const map = JSON.parse(readFileSync(join(staging, `${name}.map`), 'utf8'));
        map.sources = [relative(dirname(join(types, name)), join(root, source))];
        return [
          [name, readFileSync(join(staging, name))],
          [`${name}.map`, JSON.stringify(map)],
        ];
      }),
    );
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
};

/** Bundles the library and puts it, with its types, into dist. */
export async function buildLibrary() {
  const declarations = typeFiles();
  replaceFolder(code, (await bundleLibrary()).files);
  replaceFolder(types, declarations);
  // What an earlier layout left would be packed as well.
  for (const name of readdirSync(dirname(code))) {
    if (!['cli', 'lib', 'types'].includes(name)) rmSync(join(dirname(code), name), { recursive: true, force: true });
  }
}
