import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pages } from '../readme/markdown.ts';
import { type Installed, installPackage, root } from './install.ts';

let installed: Installed;
let paths: string[] = [];

beforeAll(() => {
  installed = installPackage();
  paths = installed.files.map(({ path }) => path).sort();
}, 120_000);

afterAll(() => installed?.remove());

describe('the published package', () => {
  it('holds only what users need: the built files, the sources that their maps lead to, and the pages', () => {
    const schema = 'src/inspect/recording/recording.schema.json';
    const screenshots = ['recovery', 'rollback', 'transfer'].map((name) => `src/inspect/screenshots/${name}.webp`);
    const pictures = ['machines/forge-session-resume.svg', 'test/bench/growth.svg', ...screenshots];
    const others = ['LICENSE', 'package.json', ...pictures, schema, ...pages].sort();
    const isSource = (path: string): boolean => /^(machines|src)\/.*\.ts$/.test(path) && !path.startsWith('src/cli/');
    expect(paths.filter((path) => !path.startsWith('dist/') && !isSource(path))).toEqual(others);
    const isBuilt = (path: string): boolean =>
      /^dist\/(lib\/[\w-]+\.js(\.map)?|types\/.*\.d\.ts(\.map)?|cli\/[\w.-]+(?<!\.map))$/.test(path);
    expect(paths.filter((path) => path.startsWith('dist/') && !isBuilt(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['dist/lib/index.js', 'dist/types/src/index.d.ts', 'src/index.ts']));
  });

  it('has maps for all of the library, which lead to sources in the package and hold none of them', () => {
    const files = paths.filter((path) => /^dist\/(lib|types)\/.*\.(js|d\.ts)$/.test(path));
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((path) => !paths.includes(`${path}.map`))).toEqual([]);
    const maps = files.map((path) => {
      const map = JSON.parse(fs.readFileSync(join(installed.home, `${path}.map`), 'utf8'));
      return { path, map: map as { sources: string[]; sourcesContent?: unknown } };
    });
    const sources = maps.flatMap(({ path, map }) =>
      map.sources.map((name) => resolve(installed.home, dirname(path), name)),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.map((file) => relative(installed.home, file)).filter((path) => !paths.includes(path))).toEqual([]);
    expect(maps.filter(({ map }) => map.sourcesContent !== undefined)).toEqual([]);
  });

  it('runs no script when it is installed, nor does any package that comes with it', () => {
    const dependenciesOf = (home: string): string[] => {
      const {
        scripts = {},
        dependencies = {},
        gypfile,
      } = JSON.parse(fs.readFileSync(join(home, 'package.json'), 'utf8'));
      const hooks = ['preinstall', 'install', 'postinstall', 'prepare'].filter(
        (name) => home === installed.home || name !== 'prepare',
      );
      expect([home, gypfile, ...hooks.filter((name) => scripts[name] !== undefined)]).toEqual([home, undefined]);
      return Object.keys(dependencies);
    };
    const seen = new Set(dependenciesOf(installed.home));
    for (const name of seen) for (const more of dependenciesOf(join(root, 'node_modules', name))) seen.add(more);
    expect(seen.size).toBeGreaterThan(5);
  });

  it('depends on what its code uses, and on nothing else', () => {
    const { dependencies } = JSON.parse(fs.readFileSync(join(installed.home, 'package.json'), 'utf8'));
    const code = paths.filter((path) => /^dist\/lib\/.*\.js$/.test(path));
    const text = code.map((path) => fs.readFileSync(join(installed.home, path), 'utf8')).join('\n');
    const used = Object.keys(dependencies).filter((name) => new RegExp(`["'\`]${name}["'\`/]`).test(text));
    expect(used).toEqual(Object.keys(dependencies));
  });

  it('passes publint', () => {
    const publint = join(root, 'node_modules/publint/src/cli.js');
    execFileSync(process.execPath, [publint, '--strict', installed.tarball], { cwd: root });
  }, 120_000);

  it('has types that every modern resolver finds, for every entry', () => {
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const args = [attw, installed.tarball, '--profile', 'esm-only', '--format', 'ascii'];
    const out = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    for (const entry of ['', '/machine', '/schemas', '/testing']) {
      expect(out).toContain(`"forge-session-resume${entry}"`);
    }
    const problems = out.split('\n').filter((line) => /❌|💀/u.test(line) && !line.includes('(ignored'));
    expect(problems).toEqual([]);
  }, 120_000);

  it.each(['package-lock.json', 'test/graph/extractor/package-lock.json'])(
    'records no download addresses: %s',
    (file) => {
      const lock = execFileSync('git', ['show', `:${file}`], { cwd: root, encoding: 'utf8' });
      expect(lock).toContain('"integrity"');
      expect(lock).not.toContain('"resolved"');
    },
  );
});
