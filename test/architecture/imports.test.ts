import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Layers from the bottom up; a file may import from its own layer's folder and from those named. */
const layers: Record<string, readonly string[]> = {
  'src/rules': [],
  machines: ['src/rules'],
  'src/store': ['src/rules', 'machines'],
  'src/pane': ['src/rules'],
  'src/graph': ['src/rules', 'machines'],
  // No face: what a call writes while it is recorded, and what every face reads.
  'src/inspect/recording': ['src/rules', 'machines', 'src/graph'],
  'src/call': ['src/rules', 'machines', 'src/store', 'src/pane', 'src/inspect/recording'],
  'src/testing': ['src/rules', 'machines', 'src/store', 'src/pane', 'src/graph', 'src/call'],
  'src/inspect': ['src/rules', 'machines', 'src/store', 'src/graph', 'src/call', 'src/inspect/recording'],
  'src/cli': [
    'src/rules',
    'machines',
    'src/store',
    'src/pane',
    'src/graph',
    'src/call',
    'src/testing',
    'src/inspect',
    'src/inspect/recording',
  ],
};
/** Files beside the folders; what stands here may be imported from everywhere but `src/rules` and `machines`. */
const shared = new Set(['src/errors.ts', 'src/answer-logic.ts', 'src/patient-clock.ts', 'src/run-inspected.ts']);
const compositionRoot = new Set(['src/index.ts', 'src/machine.ts', 'src/postgres.ts', 'src/schemas.ts']);

interface Import {
  readonly from: string;
  readonly to: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const matches = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...matches].map(([, target = '']) => ({
    from: file,
    to: target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target,
  }));
}

const layerOf = (path: string): string | undefined => Object.keys(layers).find((layer) => path.startsWith(`${layer}/`));
const files = [...sourceFiles('src'), ...sourceFiles('machines')];
const imports = files.flatMap(importsOf);

function isAllowed({ from, to }: Import): boolean {
  const layer = layerOf(from);
  const target = layerOf(to);
  if (layer === undefined)
    return shared.has(from) ? target !== 'src/cli' : target !== 'src/cli' && target !== 'src/testing';
  if (target !== undefined) return target === layer || (layers[layer] ?? []).includes(target);
  if (shared.has(to)) return layer !== 'src/rules' && layer !== 'machines';
  if (compositionRoot.has(to)) return layer === 'src/cli' || layer === 'src/testing';
  return !to.startsWith('src/');
}

const importers = (pattern: RegExp): string[] => [
  ...new Set(imports.filter(({ to }) => pattern.test(to)).map(({ from }) => from)),
];
const outside = (paths: string[], ...folders: string[]): string[] =>
  paths.filter((path) => !folders.some((folder) => path.startsWith(folder)));

describe('imports point one way', () => {
  it('sees the sources', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(150);
  });

  it('rules <- machines <- store, pane <- call <- faces', () => {
    expect(imports.filter((one) => !isAllowed(one))).toEqual([]);
  });

  it('rules know neither files nor processes nor XState', () => {
    expect(
      importers(/^(node:(fs|child_process|os|process)|fs-extra|xstate)/).filter((f) => f.startsWith('src/rules')),
    ).toEqual([]);
  });

  it('the machine imports nothing but XState, rules and its own files', () => {
    const others = imports.filter(
      ({ from, to }) => from.startsWith('machines/') && !/^(xstate|machines\/|src\/rules\/)/.test(to),
    );
    expect(others).toEqual([]);
  });

  it('the store is the sole user of fs-extra, child processes are the pane’s and the look-up’s of a database’s host', () => {
    expect(outside(importers(/^fs-extra$/), 'src/store/')).toEqual([]);
    expect(
      outside(
        importers(/^node:child_process$/),
        'src/pane/',
        'src/store/postgres/database/socket.ts',
        'src/cli/demo/',
        'src/cli/chain-notify.ts',
        'src/cli/inspect/',
        'src/testing/',
      ),
    ).toEqual([]);
    expect(
      outside(importers(/^node:fs/), 'src/store/', 'src/pane/', 'src/cli/', 'src/testing/', 'src/inspect/'),
    ).toEqual([]);
  });

  it('pg is loaded by the PostgreSQL store alone, which nothing of the file path imports', () => {
    expect(importers(/^pg$/)).toEqual(['src/store/postgres/database/driver.ts']);
    expect(
      outside(importers(/^src\/(store\/postgres\/|postgres\.ts)/), 'src/store/postgres/', 'src/call/postgres/'),
    ).toEqual(['src/postgres.ts']);
    // The command line loads it as one part, where a store is named.
    expect(outside(importers(/^src\/call\/postgres\//), 'src/call/postgres/')).toEqual(['src/call/on-postgres.ts']);
    expect(importers(/^src\/call\/on-postgres\.ts/)).toEqual(['src/cli/store/run-on-store.ts']);
  });

  it('what a page needs of a recording runs in a browser: nothing of Node is behind it', () => {
    const behind = new Set(
      ['format', 'read-recording', 'replay', 'walked-path', 'first-difference'].map(
        (name) => `src/inspect/recording/${name}.ts`,
      ),
    );
    for (const file of behind) {
      const targets = importsOf(file).map(({ to }) => to);
      expect(targets.filter((to) => to.startsWith('node:') || to === 'fs-extra')).toEqual([]);
      for (const target of targets) if (files.includes(target)) behind.add(target);
    }
    expect(behind.size).toBeGreaterThan(15);
  });

  it('the library does not need what only the command line needs', () => {
    expect(outside(importers(/^commander$/), 'src/cli/')).toEqual([]);
  });
});
