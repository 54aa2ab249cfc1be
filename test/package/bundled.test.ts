import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf } from '../readme/markdown.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { type Installed, installPackage, root } from './install.ts';

/** The commands of the README, by the file that they write. */
const commands = new Map(
  fencesOf('README.md')
    .filter(({ language, heading }) => language === 'sh' && heading === 'In a bundle')
    .flatMap(({ text }) => text.split('\n'))
    .map((command) => [/--outfile=(\S+)/.exec(command)?.[1] ?? '', command]),
);

const program = `
  import { subscribe } from 'node:diagnostics_channel';
  import { reconcileForgeSessionResume } from 'forge-session-resume';
  let lock;
  subscribe('forge-session-resume:call', (report) => { lock = report.lock; });
  const [, , stateDir] = process.argv;
  reconcileForgeSessionResume({ stateDir, payloadSessionId: 's1', env: { RCS_SESSION_ID: 'now' } })
    .then(({ reason }) => console.log(JSON.stringify({ reason, lock })));
`;

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
  fs.writeFileSync(join(installed.project, 'package.json'), '{ "private": true, "type": "module" }');
  fs.writeFileSync(join(installed.project, 'app.js'), program);
}, 120_000);
afterAll(() => installed?.remove());

/** Makes a bundle as somebody types it; returns its path and what esbuild said. */
function bundle(name: string): { path: string; said: string } {
  const PATH = [join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const options = { cwd: installed.project, env: { ...process.env, PATH }, encoding: 'utf8' } as const;
  const said = execFileSync('/bin/sh', ['-c', `${commands.get(name)} --log-level=warning 2>&1`], options);
  return { path: join(installed.project, name), said };
}

const call = (path: string, stateDir: string, flags: readonly string[] = []): unknown => {
  const env = { PATH: process.env['PATH'] };
  return JSON.parse(execFileSync(process.execPath, [...flags, path, stateDir], { env, encoding: 'utf8' }));
};

describe('the library, bundled', () => {
  it('README: one command for each kind of module', () => {
    expect([...commands.keys()].sort()).toEqual(['app.cjs', 'app.mjs']);
  });

  it.each(['app.mjs', 'app.cjs'])('%s moves a run and then has nothing to do, beside its packages', (name) => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const { path, said } = bundle(name);
    expect(said).toBe('');
    expect(call(path, sandbox.stateDir)).toEqual({ reason: 'resumed_same_codex_session', lock: 'kernel' });
    expect(call(path, sandbox.stateDir)).toEqual({ reason: 'current_forge_active', lock: null });
  });

  it.each(['app.mjs', 'app.cjs'])('%s does so alone in a folder, too, with the folder as its lock', (name) => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const alone = join(sandbox.project, name);
    fs.copyFileSync(bundle(name).path, alone);
    expect(call(alone, sandbox.stateDir)).toEqual({ reason: 'resumed_same_codex_session', lock: 'folder' });
    expect(call(alone, sandbox.stateDir)).toEqual({ reason: 'current_forge_active', lock: null });
  });

  it.each([
    ['is a global of Deno, whose process it would end', `globalThis.Deno = {};`],
    ['cannot be opened', `process.dlopen = () => { throw new Error('no'); };`],
    ['loads, but is another', `process.dlopen = (module) => { module.exports = {}; };`],
    [
      'is looked for without builtin modules',
      `require('node:module').createRequire = () => { throw new TypeError(); };`,
    ],
  ])('the addon fails in no way that a caller hears of: there %s', (_what, harm) => {
    const sandbox = makeSandbox();
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const preload = join(sandbox.project, 'preload.cjs');
    fs.writeFileSync(preload, `${harm}\nrequire('node:module').syncBuiltinESMExports();`);
    for (const path of [join(installed.project, 'app.js'), bundle('app.cjs').path]) {
      const state = fs.mkdtempSync(join(sandbox.project, 's-'));
      fs.cpSync(sandbox.stateDir, state, { recursive: true });
      expect(call(path, state, ['--require', preload])).toMatchObject({ reason: 'resumed_same_codex_session' });
    }
  });
});
