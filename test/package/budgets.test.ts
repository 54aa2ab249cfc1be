import fs from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage } from '../tools/build-page.mjs';
import { type Installed, installPackage } from './install.ts';

/** What each part may weigh, bytes (1 KB = 1,000). Whoever needs more raises it here, by name. */
const budgets = {
  /** An entry with all that it imports at once; what a call loads later is not in it. */
  // Of postgres, 2 KB for two migrations: the bound of the history, and what jsonb does not take.
  entries: { index: 11_200, machine: 27_800, postgres: 55_000, schemas: 10_900, testing: 141_500 },
  /** What an agent waits for after each turn; 1.8 KB of it for policies, 0.2 KB for copies that a policy rules out, 0.5 KB to look
   * whether a store is named. */
  hook: { files: ['forge-resume.cjs'], bytes: 31_700 },
  /** The inspector's page, whole; and of it the four packages that draw it, with what they bring. */
  page: { all: 348_000, packages: 60_000 },
  /** 60 KB of it for install (jsonc-parser, smol-toml, diff) and completion, 348 KB for the page, 90 KB for status, why and
   * doctor, 90 KB for history, why --last and report, 60 KB for doctor --fix, 10 KB for ways back and for policies in hooks, 85 KB for
   * PostgreSQL with what it puts into files, 180 KB for the commands on it, 15 KB for the files beside a run, 30 KB for what
   * refusals say and for bounds. */
  codeAndTypes: 2_000_000,
  /** All of it, unpacked: maps, the sources that they lead to, pages, three pictures of the inspector. */
  all: 3_850_000,
};

let installed: Installed;

beforeAll(() => {
  installed = installPackage();
}, 120_000);

afterAll(() => installed?.remove());

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
const sizeOf = (pattern: RegExp): number =>
  sum(installed.files.filter(({ path }) => pattern.test(path)).map(({ size }) => size));

/** What a shipped file imports statically: bytes with its own, and modules that are not ours. */
async function staticGraph(entry: string): Promise<{ readonly bytes: number; readonly others: readonly string[] }> {
  const { metafile } = await build({
    absWorkingDir: join(installed.home, 'dist', 'lib'),
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
  });
  const [ours, others] = [new Set([entry]), new Set<string>()];
  for (const path of ours) {
    for (const { kind, path: target, external } of metafile.inputs[path]?.imports ?? []) {
      if (kind === 'import-statement') (external === true ? others : ours).add(target);
    }
  }
  return { bytes: sum([...ours].map((path) => metafile.inputs[path]?.bytes ?? Number.NaN)), others: [...others] };
}

describe('budgets of the package', () => {
  it('each entry has one', () => {
    const { exports } = JSON.parse(fs.readFileSync(join(installed.home, 'package.json'), 'utf8'));
    const entries = Object.values(exports as Record<string, { default?: string }>).flatMap(
      ({ default: file }) => file ?? [],
    );
    expect(entries.sort()).toEqual(
      Object.keys(budgets.entries)
        .map((name) => `./dist/lib/${name}.js`)
        .sort(),
    );
  });

  it.each(Object.entries(budgets.entries))('the static graph of %s stays below %i bytes', async (name, bytes) => {
    const graph = await staticGraph(`${name}.js`);
    expect(graph.bytes).toBeGreaterThan(1_000);
    expect(graph.bytes).toBeLessThan(bytes);
  });

  it.each([
    ['index', []],
    ['machine', ['xstate']],
    ['schemas', ['zod/mini']],
  ])('the static graph of %s needs nothing of Node, and of packages %j', async (name, packages) => {
    expect((await staticGraph(`${name}.js`)).others).toEqual(packages);
  });

  it(`what an agent waits for stays below ${budgets.hook.bytes} bytes`, () => {
    const weights = budgets.hook.files.map((name) => fs.statSync(join(installed.home, 'dist', 'cli', name)).size);
    expect(sum(weights)).toBeLessThan(budgets.hook.bytes);
  });

  it('the page of the inspector keeps to its budget, and so do preact, d3-zoom, virtual-core and microdiff in it', async () => {
    const { metafile, html } = await bundlePage();
    expect(Buffer.byteLength(html)).toBeLessThan(budgets.page.all);
    const [script] = Object.entries(metafile.outputs).filter(([path]) => path.endsWith('.js'));
    const inputs = Object.entries(script?.[1].inputs ?? {});
    const drawing = inputs.filter(([path]) => path.includes('node_modules/') && !path.includes('/xstate/'));
    expect(drawing.length).toBeGreaterThan(8);
    expect(sum(drawing.map(([, { bytesInOutput }]) => bytesInOutput))).toBeLessThan(budgets.page.packages);
  }, 60_000);

  it(`code and types stay below ${budgets.codeAndTypes} bytes, all of it below ${budgets.all}`, () => {
    expect(sizeOf(/^dist\/.*(?<!\.map)$/)).toBeLessThan(budgets.codeAndTypes);
    expect(sizeOf(/./)).toBeLessThan(budgets.all);
  });
});
