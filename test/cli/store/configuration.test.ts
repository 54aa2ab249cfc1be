import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configuredStore } from '../../../src/cli/store/configured-store.ts';
import { readStoreUrl } from '../../../src/cli/store/store-url.ts';
import { stopEvent } from '../../support/payloads.ts';
import { oneLine, type RunOptions, runProgram } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { openDeafServer } from '../../support/store/deaf-server.ts';

const secret = 'gehe1m';
const url = `postgres://me:${secret}@127.0.0.1:1/runs`;
const shown = 'postgres://me@127.0.0.1:1/runs';

const listIn = (home: string): string => join(home, '.config', 'forge-resume', 'stores.json');

function makeUser(): { box: Sandbox; home: string; run: (...args: string[]) => ReturnType<typeof runProgram> } {
  const box = makeSandbox();
  const home = makeSandbox({ stateDir: false }).project;
  const options: RunOptions = { cwd: box.project, env: { HOME: home } };
  return { box, home, run: (...args) => runProgram(args, options) };
}

function putList(home: string, content: unknown, mode = 0o600): string {
  const file = listIn(home);
  fs.mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  fs.chmodSync(file, mode);
  return file;
}

describe('store: what the user says of a project', () => {
  it('use writes the list of the user alone, for the user alone; show tells it, forget takes it away', async () => {
    const { box, home, run } = makeUser();
    const before = box.snapshot();
    expect(await run('store', 'show')).toMatchObject({
      code: 0,
      stdout: `The runs of ${box.project} are in its files.\n`,
    });
    const used = await run('store', 'use', url, '--project', 'shop');
    expect(used).toMatchObject({ code: 0, stdout: expect.stringContaining(`${shown}, project shop`) });
    const file = listIn(home);
    expect(fs.readdirSync(dirname(file))).toEqual(['stores.json']);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.statSync(dirname(file)).mode & 0o777).toBe(0o700);
    expect(JSON.parse(fs.readFileSync(file, 'utf8'))).toEqual({
      schema: 1,
      stores: { [box.project]: { url, project: 'shop' } },
    });
    const told = await run('store', 'show', '--json');
    expect(JSON.parse(told.stdout)).toEqual({ schema: 1, project: box.project, store: shown, name: 'shop', by: file });
    expect(await run('store', 'forget')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Forgotten: /) });
    expect(fs.readdirSync(dirname(file))).toEqual([]);
    expect(await run('store', 'forget')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing was /) });
    expect(box.snapshot()).toEqual(before);
  });

  it('of many that change the list at once, each keeps its entry', async () => {
    const home = makeSandbox({ stateDir: false }).project;
    const boxes = Array.from({ length: 12 }, () => makeSandbox());
    const all = (...args: string[]) =>
      Promise.all(boxes.map(({ project }) => runProgram(['store', ...args], { cwd: project, env: { HOME: home } })));
    for (const used of await all('use', url)) expect(used).toMatchObject({ code: 0 });
    const { stores } = JSON.parse(fs.readFileSync(listIn(home), 'utf8'));
    expect(Object.keys(stores).sort()).toEqual(boxes.map(({ project }) => project).sort());
    for (const forgotten of await all('forget')) expect(forgotten).toMatchObject({ code: 0 });
    expect(fs.readdirSync(dirname(listIn(home)))).toEqual([]);
  }, 60_000);

  it('a lock of the list is taken from nobody, however old it is; what to do is said', async () => {
    const { home, run } = makeUser();
    const held = `${putList(home, { schema: 1, stores: {} })}.lock`;
    fs.writeFileSync(held, '');
    const then = Date.now() / 1_000 - 3_600;
    fs.utimesSync(held, then, then);
    const { code, stderr } = await run('store', 'use', url);
    expect(code).toBe(1);
    expect(stderr).toContain(`where none is at work: rm -- ${held}`);
    expect(fs.existsSync(held)).toBe(true);
  }, 60_000);

  it('use and forget say where a variable comes before what they write', async () => {
    const { box, home } = makeUser();
    const options = { cwd: box.project, env: { HOME: home, FORGE_RESUME_STORE: 'postgres://127.0.0.1:1/x' } };
    for (const args of [['use', url], ['forget']]) {
      const { stdout } = await runProgram(['store', ...args], options);
      expect(stdout).toMatch(/; but FORGE_RESUME_STORE names a store, which comes first\./);
    }
  });

  it('a project is known by its real path, and named as its folder is; others keep their entries', async () => {
    const { box, home } = makeUser();
    putList(home, { schema: 1, stores: { '/elsewhere': { url, project: 'other' } } });
    const link = `${home}/link`;
    fs.symlinkSync(box.project, link);
    await runProgram(['store', 'use', url], { cwd: link, env: { HOME: home } });
    const { stores } = JSON.parse(fs.readFileSync(listIn(home), 'utf8'));
    expect(stores).toEqual({
      '/elsewhere': { url, project: 'other' },
      [box.project]: { url, project: box.project.split('/').at(-1) },
    });
  });

  it('XDG_CONFIG_HOME comes first where it is absolute; the environment comes before the list', () => {
    const { box, home } = makeUser();
    putList(home, { schema: 1, stores: { [box.project]: { url, project: 'shop' } } });
    const ask = (env: Record<string, string>) => configuredStore(box.stateDir, { HOME: home, ...env });
    expect(ask({})).toMatchObject({ url, shown, project: 'shop', by: listIn(home) });
    expect(ask({ XDG_CONFIG_HOME: 'relative' })).toMatchObject({ project: 'shop' });
    expect(ask({ XDG_CONFIG_HOME: `${home}/.config` })).toMatchObject({ project: 'shop' });
    expect(ask({ XDG_CONFIG_HOME: box.project })).toBeUndefined();
    const env = { FORGE_RESUME_STORE: ' postgres://db/x ', FORGE_RESUME_PROJECT: 'mine' };
    expect(ask(env)).toEqual({
      url: 'postgres://db/x',
      shown: 'postgres://db/x',
      project: 'mine',
      by: 'FORGE_RESUME_STORE',
    });
    expect(ask({ FORGE_RESUME_STORE: ' ' })).toMatchObject({ project: 'shop' });
  });

  it.each<[what: string, make: (home: string, project: string) => void, says: RegExp]>([
    [
      'others may read',
      (home, project) => putList(home, { schema: 1, stores: { [project]: { url, project: 'x' } } }, 0o640),
      /stores\.json is open to other users; close it: chmod 600 /,
    ],
    [
      'is a link',
      (home) => {
        const file = putList(home, { schema: 1, stores: {} });
        fs.renameSync(file, `${home}/real.json`);
        fs.symlinkSync(`${home}/real.json`, file);
      },
      /stores\.json cannot be read: it must be a file of yours, no link/,
    ],
    [
      'stands in a folder that others may write',
      (home) => fs.chmodSync(dirname(putList(home, { schema: 1, stores: {} })), 0o777),
      /forge-resume is open to other users; close it: chmod 700 /,
    ],
    [
      'stands in a folder that is a link',
      (home) => {
        const folder = dirname(putList(home, { schema: 1, stores: {} }));
        fs.renameSync(folder, `${home}/real`);
        fs.symlinkSync(`${home}/real`, folder);
      },
      /forge-resume is a link, which is not followed; make it a folder/,
    ],
    ['does not parse', (home) => putList(home, '{ torn'), /stores\.json is no list of stores of this release/],
    [
      'is of a later release',
      (home) => putList(home, { schema: 2 }),
      /stores\.json is no list of stores of this release/,
    ],
    [
      'names a store that is none',
      (home, project) => putList(home, { schema: 1, stores: { [project]: { url: 'https://db/x', project: 'x' } } }),
      /stores\.json: the address of a store begins with postgres:/,
    ],
  ])('a list that %s stops every call, and nothing is done on files instead', async (_what, make, says) => {
    const { box, home, run } = makeUser();
    box.putSessions('now');
    box.putRun('old', liveRun());
    make(home, box.project);
    const before = box.snapshot();
    const env = { HOME: home, RCS_SESSION_ID: 'now' };
    expect(await runProgram(['hook'], { env, input: stopEvent(box.project) })).toEqual(oneLine(says));
    fs.rmSync(join(box.project, '.rcs', 'logs'), { recursive: true, force: true });
    for (const args of [['reconcile'], ['status'], ['why'], ['adopt', 'old', '--yes'], ['store', 'show']]) {
      expect(await run(...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(says) });
    }
    const { stdout } = await run('doctor', '--only', 'FR025', '--json');
    expect(JSON.parse(stdout).findings).toMatchObject([{ id: 'FR025', evidence: expect.stringMatching(says) }]);
    expect(box.snapshot()).toEqual(before);
  });

  it.each<[text: string, shown: string | RegExp]>([
    ['postgres://me@db.example.org/runs', 'postgres://me@db.example.org/runs'],
    ['postgresql://me:pw@db:5433/runs?sslmode=require', 'postgres://me@db:5433/runs'],
    ['postgres://%2Frun%2Fpg/runs', 'postgres:///run/pg/runs'],
    ['postgres://me:pw@/runs?host=/run/pg', 'postgres://me@/run/pg/runs'],
    ['postgres:///runs?user=me&password=pw', 'postgres://me@localhost/runs'],
    ['postgres://me:p%2Fw%40@db/runs', 'postgres://me@db/runs'],
    ['postgres://db:1/runs?user=me&host=other&port=2&password=pw', 'postgres://me@other:2/runs'],
    ['postgres://me:pw@[::1]:5433/runs', 'postgres://me@[::1]:5433/runs'],
    ['postgres://me:p/w@db/runs', /looks like postgres:\/\/user@host:port\/database/],
    ['postgres://me:12?w@db/runs', /ambiguous/],
    ['postgres://me:12?a=w@db/runs', /ambiguous/],
    ['postgres://me:pw@db/runs\nx', /looks like/],
    ['postgres://me:pw@db,other/runs', /names one host/],
    ['postgres://me:12/w@db/runs', /ambiguous/],
    ['postgres://me:12#w@db/runs', /ambiguous/],
    ['mysql://me:pw@db/runs', /begins with postgres:/],
    ['pw', /looks like/],
  ])('the address %s', (text, expected) => {
    if (typeof expected === 'string') return expect(readStoreUrl(text)).toEqual({ url: text, shown: expected });
    expect(() => readStoreUrl(text)).toThrow(expected);
    try {
      readStoreUrl(text);
    } catch (error) {
      expect((error as Error).message).not.toMatch(/pw|12/);
    }
    return undefined;
  });
});

describe('store: nothing in a project names a server', () => {
  it('whatever stands there, the runs stay in files and nobody is called', async () => {
    const { box, home } = makeUser();
    const server = await openDeafServer();
    const trap = `postgres://me:${secret}@127.0.0.1:${server.port}/runs`;
    const list = JSON.stringify({ schema: 1, stores: { [box.project]: { url: trap, project: 'x' } } });
    const lines = `FORGE_RESUME_STORE=${trap}\nPGHOST=127.0.0.1\nPGPORT=${server.port}\n`;
    const traps: Record<string, string> = {
      '.env': lines,
      '.env.local': lines,
      '.envrc': `export ${lines}`,
      '.npmrc': `forge_resume_store=${trap}\n`,
      '.pgpass': `*:*:*:*:${secret}\n`,
      '.pg_service.conf': `[x]\nhost=127.0.0.1\nport=${server.port}\n`,
      'package.json': JSON.stringify({ 'forge-resume': { store: trap }, config: { FORGE_RESUME_STORE: trap } }),
      'stores.json': list,
      'forge-resume/stores.json': list,
      '.config/forge-resume/stores.json': list,
      '.forge-resume/stores.json': list,
      '.rcs/stores.json': list,
      '.rcs/store': trap,
      '.rcs/state/store.json': JSON.stringify({ store: trap, url: trap }),
      '.rcs/state/.forge-resume/stores.json': list,
      '.rcs/state/session.json': JSON.stringify({ session_id: 'now', store: trap, FORGE_RESUME_STORE: trap }),
      'node_modules/pg/index.js': `require('node:fs').writeFileSync(${JSON.stringify(`${home}/loaded`)}, '')`,
    };
    for (const [name, text] of Object.entries(traps)) {
      fs.mkdirSync(dirname(join(box.project, name)), { recursive: true });
      fs.writeFileSync(join(box.project, name), text, { mode: 0o600 });
    }
    box.putSessions('now');
    box.putRun('old', liveRun({ store: trap }));
    const options = { cwd: box.project, env: { HOME: home, RCS_SESSION_ID: 'now' } };
    const files = { store: null };
    expect(JSON.parse((await runProgram(['store', 'show', '--json'], options)).stdout)).toMatchObject(files);
    for (const args of [['status'], ['why'], ['doctor'], ['adopt', 'old', '--dry-run']])
      await runProgram(args, options);
    const resumed = await runProgram(['hook'], { ...options, input: stopEvent(box.project) });
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(box.run('now')).toMatchObject({ active: true });
    expect([server.calls(), fs.existsSync(`${home}/loaded`)]).toEqual([0, false]);

    // The trap works: the same from the environment reaches the server.
    const named = { ...options, env: { ...options.env, FORGE_RESUME_STORE: trap } };
    await runProgram(['hook'], { ...named, input: stopEvent(box.project) });
    expect([server.calls() > 0, fs.existsSync(`${home}/loaded`)]).toEqual([true, false]);
  });
});
