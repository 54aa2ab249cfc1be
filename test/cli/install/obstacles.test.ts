import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentsHome, makeAgentsHome } from '../../support/agents-home.ts';
import { builtCli, oneLine } from '../../support/program.ts';
import { inReadOnly, readOnlyMountsWork } from '../../support/read-only-mount.ts';

const isRoot = process.getuid?.() === 0;

/** Both ways are refused, in one line that names the file, and nothing changes. */
async function expectRefused(me: AgentsHome, message: RegExp): Promise<void> {
  const before = me.snapshot();
  for (const args of [['install', '--yes'], ['install', '--dry-run'], ['install']]) {
    expect(await me.run(args)).toMatchObject({ ...oneLine(message), code: 1 });
  }
  const { stdout, code } = await me.run(['install', '--yes', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringMatching(message) } });
  expect(me.snapshot()).toEqual(before);
}

describe('forge-resume install: what it will not touch', () => {
  it.each([
    ['.claude/settings.json', '{ "a": ', /settings\.json does not parse as JSON/],
    ['.claude/settings.json', '', /settings\.json does not parse as JSON/],
    ['.claude/settings.json', '[]', /settings\.json holds an array where an object belongs/],
    ['.claude/settings.json', '{ "hooks": [] }', /settings\.json holds an array in "hooks"/],
    ['.codex/hooks.json', '{ "hooks": { "Stop": {} } }', /hooks\.json holds an object in "Stop"/],
    ['.codex/config.toml', 'a = ', /config\.toml does not parse as TOML/],
    ['.claude/settings.json', Buffer.from([0x7b, 0xff, 0x7d]), /settings\.json is no UTF-8 text/],
    [
      '.claude/settings.json',
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      /settings\.json (does not parse|is nested too deep)/,
    ],
    ['.claude/settings.json', Buffer.alloc(8 * 1024 * 1024 + 1, 0x20), /settings\.json is larger than 8 MiB/],
  ])('%s with %.20s', async (name, content, message) => {
    const me = makeAgentsHome('.codex', '.claude');
    me.put(name, content);
    await expectRefused(me, message);
  });

  it('a folder, a FIFO, a link in a circle', async () => {
    const me = makeAgentsHome('.codex', '.claude');
    fs.mkdirSync(join(me.home, '.claude/settings.json'));
    await expectRefused(me, /settings\.json is no regular file/);
    fs.rmdirSync(join(me.home, '.claude/settings.json'));
    fs.symlinkSync('settings.json', join(me.home, '.claude/settings.json'));
    await expectRefused(me, /settings\.json is a link that leads round in a circle/);
    fs.unlinkSync(join(me.home, '.claude/settings.json'));
    spawnSync('mkfifo', [join(me.home, '.codex/hooks.json')]);
    expect(await me.run(['install', '--yes'])).toMatchObject({ ...oneLine(/hooks\.json is no regular file/), code: 1 });
  });

  it('a file that stands where the backup would, unless it is what a killed installation kept', async () => {
    const me = makeAgentsHome('.claude');
    me.put('.claude/settings.json', '{ "a": 1 }');
    me.put('.claude/settings.json.before-forge-resume', '{ "somebody": "else" }');
    await expectRefused(
      me,
      /settings\.json\.before-forge-resume is there already and would be replaced; move it elsewhere/,
    );
    me.put('.claude/settings.json.before-forge-resume', '{ "a": 1 }');
    expect(await me.run(['install', '--yes'])).toMatchObject({ code: 0 });
  });

  it('a read-only file says how to go on', async () => {
    const me = makeAgentsHome();
    me.put('.claude/settings.json', '{}', 0o444);
    await expectRefused(me, /settings\.json is read-only \(mode 444\); allow it with chmod u\+w/);
  });

  it.runIf(isRoot)('a file and a folder of another user', async () => {
    const me = makeAgentsHome('.codex');
    fs.chownSync(me.put('.claude/settings.json', '{}'), 12_345, 12_345);
    await expectRefused(me, /settings\.json belongs to another user \(uid 12345\); run this as that user/);
    fs.rmSync(join(me.home, '.claude/settings.json'));
    fs.chownSync(join(me.home, '.claude'), 12_345, 12_345);
    await expectRefused(me, /settings\.json stands in a folder of another user \(uid 12345\); run this as that user/);
  });

  it('what cannot be installed for one agent is not begun for the other', async () => {
    const me = makeAgentsHome('.codex');
    me.put('.claude/settings.json', '{');
    await expectRefused(me, /does not parse/);
    expect(fs.readdirSync(join(me.home, '.codex'))).toEqual([]);
  });
});

describe.runIf(readOnlyMountsWork())('forge-resume install: a read-only file system', () => {
  it('exit 1, one line that says what to do', () => {
    const me = makeAgentsHome('.claude');
    const program = [process.execPath, join(builtCli, 'forge-resume.cjs'), 'install', '--yes', '--agent', 'claude'];
    const [command = '', ...args] = [...inReadOnly(me.home), ...program];
    const { status, stderr } = spawnSync(command, args, { env: { ...process.env, HOME: me.home }, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^forge-resume install: .*EROFS.*writable.*\n$/),
    });
  });
});

describe('forge-resume install: links', () => {
  it('a linked configuration is written through to the file itself, and put back', async () => {
    const me = makeAgentsHome('.claude');
    const file = me.put('dotfiles/claude.json', '{\n  "a": 1\n}\n', 0o640);
    fs.symlinkSync('../dotfiles/claude.json', join(me.home, '.claude/settings.json'));
    const before = me.snapshot();
    expect(await me.run(['install', '--yes'])).toMatchObject({ code: 0 });
    expect(fs.lstatSync(join(me.home, '.claude/settings.json')).isSymbolicLink()).toBe(true);
    expect(me.read('dotfiles/claude.json')).toContain('forge-resume.cjs hook');
    expect(fs.statSync(file).mode & 0o777).toBe(0o640);
    expect(fs.readdirSync(join(me.home, 'dotfiles'))).toEqual(['claude.json']);
    await me.run(['uninstall', '--yes']);
    expect(me.snapshot()).toEqual(before);
  });

  it('a link to a file that is not there yet: the file is made, the link stays', async () => {
    const me = makeAgentsHome('.claude', 'dotfiles');
    fs.symlinkSync('../dotfiles/claude.json', join(me.home, '.claude/settings.json'));
    const before = me.snapshot();
    await me.run(['install', '--yes']);
    expect(me.read('dotfiles/claude.json')).toContain('forge-resume.cjs hook');
    await me.run(['uninstall', '--yes']);
    expect(me.snapshot()).toEqual(before);
  });

  it("a project's link out of the project is refused", async () => {
    const me = makeAgentsHome();
    me.put('elsewhere.json', '{}');
    fs.mkdirSync(join(me.work, '.claude'));
    fs.symlinkSync(join(me.home, 'elsewhere.json'), join(me.work, '.claude/settings.json'));
    const before = me.snapshot();
    expect(await me.run(['install', '--project', '--yes'])).toMatchObject({
      ...oneLine(/leads out of the project by a link/),
      code: 1,
    });
    expect(me.snapshot()).toEqual(before);
  });
});

describe('forge-resume install --project', () => {
  it("an agent's folder that is a link out of the project is left alone, one within it is not", async () => {
    const me = makeAgentsHome('.claude');
    fs.symlinkSync(join(me.home, '.claude'), join(me.work, '.claude'));
    const before = me.snapshot();
    const refused = { ...oneLine(/leads out of the project by a link/), code: 1 };
    expect(await me.run(['install', '--project', '--yes'])).toMatchObject(refused);
    expect(me.snapshot()).toEqual(before);
    fs.unlinkSync(join(me.work, '.claude'));
    fs.mkdirSync(join(me.work, 'tools'));
    fs.symlinkSync('tools', join(me.work, '.claude'));
    expect(await me.run(['install', '--project', '--yes'])).toMatchObject({ code: 0 });
    expect(fs.readdirSync(join(me.work, 'tools'))).toContain('settings.json');
  });

  it('the project at or above the working folder, by its .rcs/state', async () => {
    const me = makeAgentsHome();
    fs.mkdirSync(join(me.work, '.rcs/state'), { recursive: true });
    fs.mkdirSync(join(me.work, 'sub/deep'), { recursive: true });
    const before = me.snapshot();
    const { code, stdout } = await me.run(['install', '--project', '--agent', 'all', '--bare', '--yes'], {
      cwd: join(me.work, 'sub/deep'),
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`Codex, project ${me.work}: `);
    expect(Object.keys(me.snapshot()).filter((path) => /(hooks|settings)\.json$/.test(path))).toEqual([
      join(me.work, '.claude/settings.json'),
      join(me.work, '.codex/hooks.json'),
    ]);
    await me.run(['uninstall', '--project', me.work, '--yes']);
    expect(me.snapshot()).toEqual(before);
  });

  it('without an agent in the project: those that the user has', async () => {
    const me = makeAgentsHome('.claude');
    await me.run(['install', '--project', '--yes']);
    expect(fs.readdirSync(me.work)).toEqual(['.claude']);
    expect(fs.readdirSync(join(me.home, '.claude'))).toEqual([]);
  });
});
