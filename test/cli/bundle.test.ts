import { readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../support/program.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { bundleCli } from '../tools/build-cli.mjs';

const { metafile, files } = await bundleCli();

const output = (name: string) => {
  const found = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}`))?.[1];
  if (found === undefined) throw new Error(`no ${name} in the bundle`);
  return found;
};

/** Modules that have a share in an output; a package counts as one. */
const modulesOf = (name: string): string[] => {
  const used = Object.entries(output(name).inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return [...new Set(used.map(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path))].sort();
};

/** What loads where there is something to write. */
const writingParts = ['run-machine.cjs', 'xstate.cjs', 'log-call.cjs'];

/** Their budget, bytes; a feature that needs more raises it here. */
const writingBytes = 184_000;

describe('the bundle of the command line', () => {
  it('what a turn loads in addition, where there is something to write, keeps to its budget', () => {
    const bytes = writingParts.reduce((sum, name) => sum + output(name).bytes, 0);
    expect(bytes).toBeLessThan(writingBytes);
  });

  it('what every turn loads is made of these modules', () => {
    expect(modulesOf('forge-resume.cjs')).toMatchSnapshot();
  });

  it('what every turn loads holds no package', () => {
    expect(modulesOf('forge-resume.cjs').filter((name) => !/^(src|machines)\//.test(name))).toEqual([]);
  });

  it('the parts that write are made of these packages, as they are', () => {
    const packages = writingParts.flatMap(modulesOf).filter((name) => !/^(src|machines)\//.test(name));
    expect([...new Set(packages)].sort()).toEqual(['fs-extra', 'graceful-fs', 'jsonfile', 'universalify', 'xstate']);
  });

  it('promise 8: what the parts that write load later is what root loads before it becomes the owner', () => {
    const isLater = (path: string): boolean => path.startsWith('.') && path !== './xstate.cjs';
    const later = output('run-machine.cjs').imports.filter(({ path }) => isLater(path));
    expect(new Set(later.map(({ path }) => path))).toEqual(new Set(['./journal-schema.cjs', './record-call.cjs']));
  });

  it('loads nothing from packages but the native addon, and, where they are there, pg and what lays out other charts', () => {
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const packages = imports.filter((path) => !path.startsWith('.') && !path.startsWith('node:'));
    expect(packages.filter((path) => !builtinModules.includes(path)).sort()).toEqual(['elkjs', 'pg']);
  });

  it('holds the geometry of the chart as data, and nothing of what laid it out', () => {
    expect(Object.keys(metafile.inputs).filter((path) => path.includes('elkjs'))).toEqual([]);
    expect(modulesOf('chart-geometry.cjs')).toEqual(['src/graph/layout/chart-geometry.ts']);
  });

  it('carries the licences of what is in it', () => {
    const licences = String(files.get('THIRD-PARTY-LICENSES.txt'));
    for (const name of ['commander', 'xstate', 'zod']) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
  });
});

describe('the native addon', () => {
  it('is found by the bundle, from the packages installed around it', async () => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const report = join(sandbox.project, 'objects.json');
    const hook = join(sandbox.project, 'hook.cjs');
    const objects = 'JSON.stringify(process.report.getReport().sharedObjects)';
    writeFileSync(
      hook,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, ${objects}))`,
    );
    const args = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1'];
    expect(await runProgram(args, { env: { RCS_SESSION_ID: 'now', NODE_OPTIONS: `--require ${hook}` } })).toMatchObject(
      { code: 0 },
    );
    expect(readFileSync(report, 'utf8')).toContain('fs-native-extensions');
  });
});
