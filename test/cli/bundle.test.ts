import nodeFs, { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { runProgram } from '../support/program.ts';
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

  it.each(agentParts)('%s holds no xstate: the chart is run by the interpreter', (name) => {
    expect(modulesOf(name)).not.toContain('xstate');
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
    const report = join(sandbox.project, 'objects.json');
    const hook = join(sandbox.project, 'hook.cjs');
    const objects = 'JSON.stringify(process.report.getReport().sharedObjects)';
    writeFileSync(
      hook,
      `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(report)}, ${objects}))`,
    );
    const args = ['reconcile', '--state-dir', sandbox.stateDir, '--session-id', 's1'];
    expect(await runProgram(args, { env: { NODE_OPTIONS: `--require ${hook}` } })).toMatchObject({ code: 0 });
    expect(readFileSync(report, 'utf8')).toContain('fs-native-extensions');
  });
});

describe('the stand-in for xstate', () => {
  it('gives away the configuration that the machine has', async () => {
    const built = await build({
      entryPoints: [fileURLToPath(new URL('../../machines/forge-session-resume.ts', import.meta.url))],
      alias: { xstate: fileURLToPath(new URL('../../src/cli/plain-xstate.ts', import.meta.url)) },
      bundle: true,
      format: 'esm',
      platform: 'node',
      write: false,
    });
    const source = Buffer.from(built.outputFiles[0]?.contents ?? []).toString('base64');
    const plain = (await import(
      `data:text/javascript;base64,${source}`
    )) as typeof import('../../machines/forge-session-resume.ts');
    const shape = (part: unknown): unknown =>
      JSON.parse(JSON.stringify(part, (_, value) => (typeof value === 'function' ? 'function' : value)));
    expect(shape(plain.forgeSessionResumeMachine.config)).toEqual(shape(forgeSessionResumeMachine.config));
  });
});

describe('the stand-in for fs-extra', () => {
  it('is node:fs, which has every function that the store uses', () => {
    const store = fileURLToPath(new URL('../../src/store/file', import.meta.url));
    const sources = readdirSync(store).map((name) => readFileSync(join(store, name), 'utf8'));
    const used = new Set(
      sources.flatMap((text) => [...text.matchAll(/\bfs\.([a-z]\w*)/g)].map(([, name]) => name ?? '')),
    );
    expect(used.size).toBeGreaterThan(20);
    expect([...used].filter((name) => !(name in nodeFs))).toEqual([]);
  });
});
