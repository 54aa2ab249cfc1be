import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Installed, installPackage, root } from './install.ts';

let installed: Installed;

beforeAll(() => {
  installed = installPackage();
  const session = join(installed.project, '.rcs', 'state', 'sessions', 'now');
  fs.mkdirSync(session, { recursive: true });
  const run = { active: true, owner_rcs_session_id: 'now', owner_codex_session_id: 's1' };
  fs.writeFileSync(join(session, 'forge-state.json'), JSON.stringify(run));
}, 120_000);

afterAll(() => installed?.remove());

/** What a module in the project prints, as JSON; it has nothing of our environment but PATH. */
function run(source: string, name = 'script.mjs', flags: readonly string[] = []): unknown {
  fs.writeFileSync(join(installed.project, name), source);
  const env = { PATH: process.env['PATH'] };
  const options = { cwd: installed.project, env, encoding: 'utf8', stdio: 'pipe', timeout: 20_000 } as const;
  return JSON.parse(execFileSync(process.execPath, [...flags, name], options));
}

const noOp = `reconcileForgeSessionResume({
  stateDir: '.rcs/state', payloadSessionId: 's1', env: { RCS_SESSION_ID: 'now' },
})`;

/** Packages from which something was loaded, after `body`; our own files as they are called. */
const loadedBy = (body: string): { packages: string[]; own: string[] } =>
  run(`
    import { Session } from 'node:inspector';
    const session = new Session();
    session.connect();
    const urls = new Set();
    session.on('Debugger.scriptParsed', ({ params }) => urls.add(params.url));
    session.post('Debugger.enable');
    ${body}
    const names = [...urls].filter((url) => url.includes('/node_modules/')).map((url) => {
      const name = url.slice(url.lastIndexOf('/node_modules/') + 14);
      return name.match(/^(@[^/]+\\/)?[^/]+/)[0];
    });
    const own = [...urls].filter((url) => url.includes('/forge-session-resume/')).map((url) => url.split('/').pop());
    console.log(JSON.stringify({ packages: [...new Set(names)], own }));`) as never;

describe('the library, as installed', () => {
  it('the entry holds the call, its errors and reasons, and nothing else', () => {
    expect(run(`console.log(JSON.stringify(Object.keys(await import('forge-session-resume'))))`)).toEqual([
      'ForgeResumeError',
      'errorCodes',
      'reasons',
      'reconcileForgeSessionResume',
      'reconcileForgeSessionResumeAlias',
    ]);
  });

  it.each([
    ['machine', ['forgeSessionResumeMachine', 'provideActors', 'runForgeSessionResume']],
    ['schemas', ['forgeStateSchema', 'journalSchema', 'payloadIdentitySchema', 'protocol', 'sessionIdSchema']],
    [
      'testing',
      ['createFileWorld', 'createScratchState', 'machineEvents', 'resumePaths', 'runPath', 'storeConformance'],
    ],
  ])('the entry ./%s can be imported', (entry, names) => {
    const source = `console.log(JSON.stringify(Object.keys(await import('forge-session-resume/${entry}'))))`;
    expect(run(source)).toEqual(expect.arrayContaining(names));
  });

  it.each([
    ['import', 'script.mjs', `import { reconcileForgeSessionResume } from 'forge-session-resume';`],
    ['require', 'script.cjs', `const { reconcileForgeSessionResume } = require('forge-session-resume');`],
  ])('answers a call, by %s', (_way, name, load) => {
    const answer = run(`${load}\n${noOp}.then((result) => console.log(JSON.stringify(result)));`, name);
    expect(answer).toMatchObject({ reason: 'current_forge_active', updatedCurrentOwner: false });
  });

  it('its import loads no package, and two files of our own', () => {
    const { packages, own } = loadedBy(`await import('forge-session-resume');`);
    expect(packages).toEqual(['forge-session-resume']);
    expect(own).toContain('index.js');
    expect(own).toHaveLength(2);
  });

  it('a first call with nothing to write loads no package, and two files more', () => {
    const call = `const { reconcileForgeSessionResume } = await import('forge-session-resume'); await ${noOp};`;
    const { packages, own } = loadedBy(call);
    expect(packages).toEqual(['forge-session-resume']);
    expect(own).toHaveLength(4);
  });

  it('README: replaced under a host before its first hand-over, it fails by a name, and nothing is touched', () => {
    const code = join(installed.home, 'dist', 'lib');
    const late = fs.readdirSync(code).filter((name) => /^run-machine-\w+\.js$/.test(name));
    expect(late).toHaveLength(1);
    const source = `
      import fs from 'node:fs';
      import { reconcileForgeSessionResume } from 'forge-session-resume';
      for (const id of ['now', 'old']) fs.mkdirSync('host/sessions/' + id, { recursive: true });
      const run = { active: true, owner_codex_session_id: 's1' };
      fs.writeFileSync('host/sessions/old/forge-state.json', JSON.stringify(run));
      const call = () =>
        reconcileForgeSessionResume({ stateDir: 'host', payloadSessionId: 's1', env: { SESSION_ID: 'now' } });
      const [file, aside] = ['${join(code, late[0] ?? '')}', 'aside.js'];
      fs.renameSync(file, aside);
      const failed = await call().catch(({ code }) => code);
      fs.renameSync(aside, file);
      console.log(JSON.stringify([failed, fs.readdirSync('host')]));`;
    expect(run(source, 'host.mjs')).toEqual(['ERR_MODULE_NOT_FOUND', ['sessions']]);
  });

  it('its stack traces name the sources that are shipped', () => {
    const source = `
      import { reconcileForgeSessionResume } from 'forge-session-resume';
      import fs from 'node:fs';
      fs.mkdirSync('elsewhere/sessions', { recursive: true });
      fs.mkdirSync('unsafe');
      fs.symlinkSync('../elsewhere/sessions', 'unsafe/sessions');
      const call = reconcileForgeSessionResume({ stateDir: 'unsafe', payloadSessionId: 's1', env: { SESSION_ID: 'now' } });
      console.log(JSON.stringify(await call.catch(({ stack }) => stack)));`;
    const stack = run(source, 'stack.mjs', ['--enable-source-maps']) as string;
    const [, file = ''] = /\(?[^(\s]*\/forge-session-resume\/(src\/[^:]+\.ts):\d+/.exec(stack) ?? [];
    expect(fs.existsSync(join(installed.home, file)) && file, stack).toMatch(/^src\/store\//);
  });

  it('its types stand alone: each name that they speak of is there', () => {
    const names = ['', '/machine', '/schemas', '/testing'].map((entry) => `forge-session-resume${entry}`);
    const imports = names.map((name, index) => `import * as entry${index} from '${name}';`);
    const uses = `
      const result: import('forge-session-resume').ReconcileResult = await entry0.reconcileForgeSessionResume({ stateDir: '' });
      const id: string = entry2.sessionIdSchema.parse(result.currentRcsSessionId);
      export const all = [id, entry1.forgeSessionResumeMachine.id, entry3.resumePaths()];`;
    fs.writeFileSync(join(installed.project, 'consumer.mts'), [...imports, uses].join('\n'));
    const compilerOptions = {
      module: 'NodeNext',
      target: 'ES2022',
      lib: ['ES2023'],
      strict: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    };
    const config = { compilerOptions, files: ['consumer.mts'] };
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
});
