import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleLibrary, runScript } from '../support/bundle.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { needs } from '../support/tools.ts';

/** Prints what keeps the process alive at the end of `body`, and how long it then takes to end, milliseconds. */
const reporting = (body: string): string => `
  ${body}
  const ended = performance.now();
  // What is already closing needs a turn of the loop to be gone; standard output is no handle of ours.
  await new Promise((resolve) => setImmediate(resolve));
  const kept = process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY)Wrap$/.test(name));
  process.on('exit', (code) => console.log(JSON.stringify({ code, kept, ms: performance.now() - ended })));`;

describe('the library leaves no handle', () => {
  it('import: the process ends by itself at once', async () => {
    const { project } = makeSandbox();
    const source = reporting(`await import(${JSON.stringify(await bundleLibrary(project))});`);
    const report = await runScript({ path: join(project, 'import.mjs'), source });
    expect(report).toEqual({ code: 0, kept: [], ms: expect.any(Number) });
    expect((report as { ms: number }).ms).toBeLessThan(1_500);
  });

  it.each([
    ['a transfer', ''],
    ['a transfer with a signal', 'signal: AbortSignal.timeout(60_000),'],
    ['an observer that throws', 'inspect: () => { throw new Error(); },'],
    ['an observer that is an object and throws', 'inspect: { next: () => { throw new Error(); } },'],
    ['a hook that fails', 'hooks: { afterTargetWrite: () => Promise.reject(new Error()) },'],
  ])('call: the process ends by itself at once after %s', async (_name, extra) => {
    const sandbox = makeSandbox();
    sandbox.putSessions('now');
    sandbox.putRun('old', liveRun());
    const source = reporting(`
      const library = await import(${JSON.stringify(await bundleLibrary(sandbox.project))});
      const [stateDir, payloadSessionId] = [${JSON.stringify(sandbox.stateDir)}, 's1'];
      const env = { RCS_SESSION_ID: 'now' };
      await library.reconcileForgeSessionResume({ stateDir, payloadSessionId, env, ${extra} }).catch(() => {});`);
    const report = await runScript({ path: join(sandbox.project, 'call.mjs'), source });
    expect(report).toEqual({ code: 0, kept: [], ms: expect.any(Number) });
    expect((report as { ms: number }).ms).toBeLessThan(1_500);
  });
});

describe.runIf(needs('strace'))('importing the library', () => {
  const calls =
    'openat,open,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,link,linkat,execve,execveat,connect';

  /** The traced calls of a Node process that runs a script. */
  function trace(folder: string, source: string): readonly string[] {
    const [script, log] = [join(folder, 'traced.mjs'), join(folder, 'trace.log')];
    fs.writeFileSync(script, source);
    execFileSync('strace', ['-f', '-qq', '-s', '4096', '-e', `trace=${calls}`, '-o', log, process.execPath, script]);
    return fs
      .readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => /^\d+ +[a-z]/.test(line));
  }

  it('import: opens nothing but modules, writes nothing and starts no process', async () => {
    const { project } = makeSandbox();
    const library = await bundleLibrary(project);
    const pathOf = (line: string): string => /"([^"]*)"/.exec(line)?.[1] ?? '';
    const known = new Set(trace(project, '').map(pathOf));
    const lines = trace(project, `import ${JSON.stringify(library)};`);
    expect(lines.filter((line) => / execve(at)?\(/.test(line))).toHaveLength(1);
    // A look for a package.json is part of finding modules; the C library and V8 look at the system's own folders.
    const isModule = (path: string): boolean =>
      path.startsWith(`${dirname(library)}/`) ||
      /\/package\.json$|\/node_modules\/.*\.([cm]?js|json|node)$|^\/(proc|sys)\//.test(path);
    const added = lines.filter((line) => !known.has(pathOf(line)));
    expect(added.length).toBeGreaterThan(1);
    expect(added.filter((line) => !/ open(at)?\(.*O_RDONLY/.test(line) || !isModule(pathOf(line)))).toEqual([]);
  });
});
