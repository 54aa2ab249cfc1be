import fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { protocol, reasons } from '../../src/rules/protocol.ts';
import { fencesOf, readPage, root } from './markdown.ts';
import { Newcomer, shellOf } from './newcomer.ts';

const { version } = JSON.parse(fs.readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const samples = fencesOf('README.md');
const sample = (language: string, heading: string, index = 0): string =>
  samples.filter((fence) => fence.language === language && fence.heading === heading)[index]?.text ?? '';
const run = JSON.parse(sample('json', 'What is on disk', 1)) as Record<string, unknown>;
const session = { env: { RCS_SESSION_ID: 'launch-2' } };
const [install = []] = shellOf('Install');

let me: Newcomer;
beforeAll(async () => {
  me = await Newcomer.arrive();
  const said = await me.type(install.slice(0, -1).join(' && '), me.clone);
  expect(said, said.stderr).toMatchObject({ code: 0 });
}, 240_000);
afterAll(() => me?.leave());

const moved = (project: string): void => {
  expect(me.run(project, 'launch-2')).toMatchObject({ active: true, iteration: 3, owner_rcs_session_id: 'launch-2' });
  expect(me.run(project, 'launch-1')).toMatchObject({ active: false, stop_reason: 'ownership_transferred' });
};
const event = (project: string, name = 'SessionStart', conversation = 'conversation-7'): string =>
  JSON.stringify({ hook_event_name: name, session_id: conversation, cwd: project });

describe('README, tried by somebody who has a clone', () => {
  it('"Try it": the demo runs, and the tests are these', async () => {
    expect(shellOf('Try it')).toEqual([['npm run demo', 'npm test']]);
    const said = await me.type('npm run demo', me.clone);
    expect(said, said.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining(reasons.resumed) });
  }, 240_000);

  it('"Install": the packed program is on PATH', async () => {
    expect(await me.type(install.at(-1) ?? '', me.folder())).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('"Install": the packed program shows its demo, too', async () => {
    const said = await me.type('forge-resume demo', me.folder());
    expect(said, said.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining(reasons.resumed) });
  }, 60_000);

  it('"Install": the absolute command works where PATH names nothing', async () => {
    const [[print = ''] = []] = shellOf('Install').slice(1);
    const { stdout } = await me.type(print, me.folder());
    const project = me.project(run, 'launch-1');
    const env = { ...session.env, PATH: '/nonexistent' };
    const said = await me.type(`${stdout.trim()} hook`, project, { env, input: event(project) });
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
    moved(project);
  });

  it('"Install": in one project, and gone again', async () => {
    const [add = ''] = /npm install --save-dev \S+\.tgz/.exec(readPage('README.md')) ?? [];
    const [remove = ''] = /npm uninstall --global [\w-]+/.exec(readPage('README.md')) ?? [];
    const project = me.folder();
    fs.writeFileSync(join(project, 'package.json'), '{ "private": true }');
    const added = await me.type(add.replace('/path/to', me.clone), project);
    expect(added, added.stderr).toMatchObject({ code: 0 });
    const listed = await me.type('npm ls --all', project);
    expect(listed, listed.stderr).toMatchObject({ code: 0 });
    const own = 'node_modules/.bin/forge-resume --version';
    expect(await me.type(own, project)).toMatchObject({ code: 0, stdout: `${version}\n` });
    const removed = await me.type(remove.replace('--global', ''), project);
    expect(removed, removed.stderr).toMatchObject({ code: 0 });
    expect(fs.existsSync(join(project, 'node_modules', '.bin', 'forge-resume'))).toBe(false);
  }, 120_000);

  it('"Set it up": each hook moves a run, and both forms say the same', async () => {
    const heading = 'As a hook of Codex or Claude Code';
    const { hooks } = JSON.parse(sample('json', heading)) as {
      hooks: Record<string, { hooks: { type: string; command: string }[] }[]>;
    };
    const tables = [
      ...sample('toml', heading).matchAll(/\[\[hooks\.(\w+)\.hooks\]\]\ntype = "(\w+)"\ncommand = "(.*)"/g),
    ];
    const commands = Object.entries(hooks).map(([name, [group]]) => [
      name,
      group?.hooks[0]?.type,
      group?.hooks[0]?.command,
    ]);
    expect(commands.map(([name]) => name)).toEqual(['SessionStart', 'UserPromptSubmit', 'Stop']);
    expect(tables.map(([, ...parts]) => parts)).toEqual(commands);
    for (const [name, , command = ''] of commands) {
      const project = me.project(run, 'launch-1');
      const said = await me.type(command, project, { ...session, input: event(project, name) });
      expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
      moved(project);
    }
  });

  it('"Set it up": the notification program moves a run that has a thread only', async () => {
    const [, list = ''] = /^notify = (.*)$/.exec(sample('toml', "As Codex's `notify` program")) ?? [];
    const { owner_codex_session_id: thread, ...others } = run;
    const project = me.project({ ...others, owner_codex_thread_id: thread }, 'launch-1');
    const payload = JSON.stringify({ type: 'agent-turn-complete', 'thread-id': thread, cwd: project });
    const command = [...(JSON.parse(list) as string[]), `'${payload}'`].join(' ');
    expect(await me.type(command, project, session)).toEqual({ code: 0, stdout: '', stderr: '' });
    moved(project);
  });

  it('"At a terminal": one sentence, and JSON for scripts', async () => {
    const [[sentence = '', json = ''] = []] = shellOf('At a terminal');
    const project = me.project(run, 'launch-1');
    expect(await me.type(sentence, project, session)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Resumed: .*\n$/),
    });
    moved(project);
    const { stdout } = await me.type(json, project, session);
    expect(JSON.parse(stdout)).toMatchObject({ reason: reasons.currentActive });
  });

  it('"Seeing it run": calls are recorded by hand and by a hook, and can be read', async () => {
    const [[byHand = '', byHook = ''] = [], [list = ''] = []] = shellOf('Seeing it run: recordings');
    const project = me.project(run, 'launch-1');
    expect(await me.type(byHand, project, session)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Resumed/),
    });
    fs.writeFileSync(join(project, 'event.json'), event(project));
    expect(await me.type(byHook, project, session)).toEqual({ code: 0, stdout: '', stderr: '' });
    const [name = ''] = fs.readdirSync(join(project, 'calls'));
    expect(fs.readFileSync(join(project, 'calls', name), 'utf8')).toContain(reasons.currentActive);
    const { stdout } = await me.type(list, project);
    expect(stdout).toMatch(/^"to":"look"\n(?:.*\n)*"to":"locked.transfer.commit"\n(?:.*\n)*"to":"done"\n$/);
  });

  it('"Troubleshooting": what the call by hand says is what the table lists', async () => {
    const [[command = ''] = []] = shellOf('Nothing happens');
    const says = async (project: string, env = session): Promise<string> =>
      (await me.type(command, project, env)).stdout;
    expect(await says(me.project(run, 'launch-1'))).toMatch(/^Resumed/);
    expect(await says(me.project(run, 'launch-1'), { env: { RCS_SESSION_ID: '' } })).toMatch(
      /current session is not known/,
    );
    expect(await says(me.project(run))).toMatch(/No prior session has a live forge run/);
    expect(await says(me.project({ ...run, active: false }, 'launch-2'))).toMatch(/has a forge run that is not active/);
  });

  it('"Seeing it run": the inspector prints its address, and writes one file to attach', async () => {
    const [[live = '', ...exports] = []] = shellOf('Seeing it run: the inspector');
    const project = me.project(run, 'launch-1');
    const [[byHand = ''] = []] = shellOf('Seeing it run: recordings');
    await me.type(byHand, project, session);
    const { stdout } = await me.type(`timeout --signal=INT 6 ${live} | head -n 1`, project);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}\n$/);
    expect(exports).toHaveLength(2);
    for (const command of exports) expect(await me.type(command, project)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(fs.readFileSync(join(project, 'run.html'), 'utf8')).toContain('resumed_same_codex_session');
    expect(fs.readFileSync(join(project, 'run.svg'), 'utf8')).toMatch(/^<svg /);
  });

  it('"Troubleshooting": several match, and how they are found', async () => {
    const [[command = ''] = []] = shellOf('Several match');
    const project = me.project(run, 'launch-0', 'launch-1');
    const { stdout } = await me.type(command, project);
    expect(stdout.match(/^launch-\d/gm)).toEqual(['launch-0', 'launch-1']);
    const file = join(project, '.rcs/state/sessions/launch-0/forge-state.json');
    fs.writeFileSync(file, JSON.stringify({ ...run, active: false, current_phase: 'cancelled' }));
    await me.type('forge-resume hook', project, { ...session, input: event(project) });
    moved(project);
  });

  it('"Troubleshooting": who holds the lock', async () => {
    const [[command = ''] = []] = shellOf('The lock is not free');
    const project = me.project(run);
    fs.mkdirSync(join(project, '.rcs/state', protocol.files.lockFolder));
    fs.writeFileSync(join(project, '.rcs/state', protocol.files.lockFolder, protocol.files.lockOwner), '4711.0.a');
    expect(await me.type(command, project)).toMatchObject({ code: 0, stdout: '4711.0.a' });
  });
});
