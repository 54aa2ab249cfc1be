import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, installPackage, root } from '../package/install.ts';

/** What must compile, and what must not; and the code of the kit's page. */
const files = ['stranger', '../testing/example'].flatMap((folder) => {
  const path = join(import.meta.dirname, folder);
  return fs.readdirSync(path).map((name) => join(path, name));
});
const names = files.map((file) => basename(file)).filter((name) => !name.endsWith('.test.ts'));
const entries = { index: '', machine: '/machine', 'testing/index': '/testing' };

/** A file as somebody who has the package would write it. */
const asStranger = (text: string): string =>
  text.replaceAll(/'(?:\.\.\/)+src\/([\w/]+)\.ts'/g, (_all, source: string) => {
    const entry = entries[source as keyof typeof entries];
    if (entry === undefined) throw new Error(`${source} is no entry`);
    return `'forge-session-resume${entry}'`;
  });

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
  const { project } = installed;
  fs.writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const inspect = join('node_modules', '@statelyai', 'inspect');
  fs.mkdirSync(join(project, 'node_modules', '@statelyai'));
  fs.symlinkSync(join(root, inspect), join(project, inspect), 'dir');
  for (const file of files) fs.writeFileSync(join(project, basename(file)), asStranger(fs.readFileSync(file, 'utf8')));
}, 120_000);
afterAll(() => installed?.remove());

/** What the compiler says of the project. */
function compile(changes: Readonly<Record<string, unknown>>): string {
  const compilerOptions = {
    module: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    strict: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    ...changes,
  };
  fs.writeFileSync(join(installed.project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: names }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', installed.project], { encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

describe('the declarations of the package, in a project of somebody else', () => {
  it.each([
    ['strict, every declaration checked', { skipLibCheck: false }],
    // XState's own declarations do not compile so: they are left out.
    ['strict, with exact optional properties', { exactOptionalPropertyTypes: true, skipLibCheck: true }],
  ])(
    'what must compile does, and what must not does not: %s',
    (_how, options) => {
      expect(names.length).toBeGreaterThan(6);
      expect(compile(options)).toBe('');
    },
    120_000,
  );
});
