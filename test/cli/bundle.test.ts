import nodeFs, { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const agentParts = ['forge-resume.cjs', 'agent.cjs'];

describe('the bundle of the command line', () => {
  it('what an agent waits for stays below 200 KiB', () => {
    const bytes = agentParts.reduce((sum, name) => sum + output(name).bytes, 0);
    expect(bytes).toBeLessThan(200 * 1024);
  });

  it.each(agentParts)('%s is made of these modules', (name) => {
    expect(modulesOf(name)).toMatchSnapshot();
  });

  it.each(agentParts)('%s holds no commander, no zod, no fs-extra', (name) => {
    for (const absent of ['commander', 'zod', 'fs-extra', 'graceful-fs']) expect(modulesOf(name)).not.toContain(absent);
  });

  it('loads nothing from packages but the native addon', () => {
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const packages = imports.filter((path) => !path.startsWith('.') && !path.startsWith('node:'));
    expect(packages.filter((path) => !builtinModules.includes(path))).toEqual([]);
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

describe('the stand-in for fs-extra', () => {
  it('is node:fs, which has every function that the store uses', () => {
    const store = fileURLToPath(new URL('../../src/store/file', import.meta.url));
    const sources = readdirSync(store, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(store, name), 'utf8'));
    const used = new Set(
      sources.flatMap((text) => [...text.matchAll(/\bfs\.([a-z]\w*)/g)].map(([, name]) => name ?? '')),
    );
    expect(used.size).toBeGreaterThan(20);
    expect([...used].filter((name) => !(name in nodeFs))).toEqual([]);
  });
});
