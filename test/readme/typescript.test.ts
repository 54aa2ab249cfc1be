import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, installPackage, root } from '../package/install.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { fencesOf } from './markdown.ts';

const blocks = ['README.md', 'src/call/README.md'].flatMap((page) =>
  fencesOf(page)
    .filter(({ language }) => language === 'ts')
    .map(({ text }, index) => ({ name: `${page.replaceAll(/\W/g, '-')}-${index}`, text })),
);

let installed: Installed;
beforeAll(() => {
  installed = installPackage();
  fs.writeFileSync(join(installed.project, 'package.json'), '{ "private": true, "type": "module" }');
  // The only package of somebody else's that an example uses.
  fs.mkdirSync(join(installed.project, 'node_modules', '@statelyai'));
  fs.symlinkSync(
    join(root, 'node_modules/@statelyai/inspect'),
    join(installed.project, 'node_modules/@statelyai/inspect'),
  );
  for (const { name, text } of blocks) {
    fs.writeFileSync(join(installed.project, `${name}.ts`), text);
    fs.writeFileSync(join(installed.project, `${name}.js`), transformSync(text, { loader: 'ts' }).code);
  }
}, 120_000);
afterAll(() => installed?.remove());

/** What a script prints that imports a block as `example`: the only one with these words. */
const use = (words: string, { stateDir }: Sandbox, script: string): string => {
  const found = blocks.filter(({ text }) => text.includes(words));
  expect(found).toHaveLength(1);
  const source = `
    import * as example from './${found[0]?.name}.js';
    const stateDir = ${JSON.stringify(stateDir)};
    ${script}`;
  const args = ['--input-type=module', '--eval', source];
  const env = { PATH: process.env['PATH'], RCS_SESSION_ID: 'now' };
  return execFileSync(process.execPath, args, { cwd: installed.project, env, encoding: 'utf8', stdio: 'pipe' });
};

const sandboxWithRun = (): Sandbox => {
  const sandbox = makeSandbox();
  sandbox.putRun('old', liveRun());
  sandbox.putSessions('now');
  return sandbox;
};

describe('TypeScript in the pages', () => {
  it('compiles in strict mode against the installed types', () => {
    expect(blocks.length).toBeGreaterThan(5);
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2022',
      // The inspector's types speak of windows.
      lib: ['ES2023', 'DOM'],
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    };
    const config = { compilerOptions, files: blocks.map(({ name }) => `${name}.ts`) };
    fs.writeFileSync(join(installed.project, 'tsconfig.json'), JSON.stringify(config));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    let said = '';
    try {
      execFileSync(process.execPath, [tsc, '-p', installed.project], { encoding: 'utf8' });
    } catch (error) {
      said = (error as { stdout: string }).stdout;
    }
    expect(said).toBe('');
  }, 60_000);

  it('README: the call after a turn moves a run and says so', () => {
    const sandbox = sandboxWithRun();
    const said = use('result.resumed', sandbox, `await example.afterTurn(stateDir, { session_id: 's1' });`);
    expect(said).toBe(`moved from ${sandbox.runFile('old')} to ${sandbox.runFile('now')}\n`);
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('README: a subscriber hears of a call', () => {
    const sandbox = sandboxWithRun();
    const call = `import { reconcileForgeSessionResume } from 'forge-session-resume';
      await reconcileForgeSessionResume({ stateDir, payloadSessionId: 's1' });`;
    expect(use('subscribe(', sandbox, call)).toMatch(
      /^resumed_same_codex_session after [\d.]+ ms, [\d.]+ of them for the lock\n$/,
    );
  });

  it('README: a call is recorded in a folder, and watched by a function', () => {
    const sandbox = sandboxWithRun();
    const folder = fs.mkdtempSync(join(sandbox.project, 'there-'));
    use('recorded', sandbox, `process.chdir(${JSON.stringify(folder)}); await example.recorded(stateDir, 's1');`);
    const [name = '', ...others] = fs.readdirSync(join(folder, 'calls'));
    expect([name.slice(-6), others]).toEqual(['.jsonl', []]);
    expect(fs.readFileSync(join(folder, 'calls', name), 'utf8')).toMatch(/"reason":"resumed_same_codex_session".*\n$/);
    const said = `console.error = console.log; await example.watched(stateDir, 's1');`;
    expect(use('recorded', sandbox, said)).toBe('start -> look\nlook -> done\n');
  });

  it('maintainers: the one line that takes the place of their file', () => {
    const names = ['reconcileForgeSessionResume', 'reconcileForgeSessionResumeAlias'];
    expect(
      JSON.parse(
        use('reconcileForgeSessionResumeAlias', makeSandbox(), `console.log(JSON.stringify(Object.keys(example)));`),
      ),
    ).toEqual(names);
    const sandbox = sandboxWithRun();
    const call = `example.reconcileForgeSessionResume({ stateDir, payloadSessionId: 's1', payloadThreadId: '' })`;
    expect(
      JSON.parse(use('reconcileForgeSessionResumeAlias', sandbox, `console.log(JSON.stringify(await ${call}));`)),
    ).toEqual({
      currentRcsSessionId: 'now',
      resumed: true,
      updatedCurrentOwner: false,
      reason: 'resumed_same_codex_session',
      sourcePath: sandbox.runFile('old'),
      targetPath: sandbox.runFile('now'),
    });
  });

  it('maintainers: companions go along, and the run comes home where the user goes on', () => {
    const sandbox = sandboxWithRun();
    fs.writeFileSync(sandbox.path('sessions', 'old', 'skill-active-state.json'), '{}');
    const call = (goesOn: boolean): string =>
      `console.log((await example.afterTurn(stateDir, 's1', '', ${goesOn})).reason);`;
    expect(use('comeHome', sandbox, call(false))).toBe('resumed_same_codex_session\n');
    expect(fs.existsSync(sandbox.path('sessions', 'now', 'skill-active-state.json'))).toBe(true);
    const inOld = `process.env.RCS_SESSION_ID = 'old';`;
    expect(use('comeHome', sandbox, inOld + call(false))).toBe('current_forge_present\n');
    expect(use('comeHome', sandbox, inOld + call(true))).toBe('resumed_same_codex_session\n');
    expect(sandbox.run('old')).toMatchObject({ active: true });
  });

  it('maintainers: a pane of their own is believed', () => {
    const sandbox = sandboxWithRun();
    use('withPane', sandbox, `await example.withPane(stateDir, 's1', '%9');`);
    expect(sandbox.run('now')).toMatchObject({ tmux_pane_id: '%9' });
  });
});
