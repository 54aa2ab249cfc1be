import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AgentsHome, makeAgentsHome } from '../../support/agents-home.ts';
import { stopEvent } from '../../support/payloads.ts';
import { builtCli, oneLine, runProgram, silent } from '../../support/program.ts';
import { liveRun } from '../../support/runs.ts';
import { makeSandbox } from '../../support/sandbox.ts';

const program = join(fs.realpathSync(builtCli), 'forge-resume.cjs');
const settings =
  '{\n    "model": "opus", // mine\n    "hooks": {\n        "Stop": [{ "hooks": [{ "type": "command", "command": "say done" }] }]\n    }\n}';
const config = '# my Codex\nmodel = "x"\nnotify = ["notify-send", "Codex"]\n\n[features]\nhooks = true\n';

const both = (): AgentsHome => {
  const me = makeAgentsHome();
  me.put('.claude/settings.json', settings, 0o600);
  me.put('.codex/config.toml', config);
  return me;
};

const hooksOf = (me: AgentsHome, name: string) =>
  (me.json(name) as { hooks: Record<string, { hooks: { command: string }[] }[]> }).hooks;

describe('forge-resume install', () => {
  it('adds an entry for each event, by absolute paths, and keeps a copy with the mode of the original', async () => {
    const me = both();
    const said = await me.run(['install', '--yes']);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toContain('open /hooks, review the hooks and trust them');
    const codex = hooksOf(me, '.codex/hooks.json');
    expect(Object.keys(codex)).toEqual(['SessionStart', 'UserPromptSubmit', 'Stop']);
    const [, file = '', command] = codex['Stop']?.[0]?.hooks[0]?.command.split(' ') ?? [];
    expect([file, command]).toEqual([program, 'hook']);
    expect(me.read('.claude/settings.json')).toContain('"model": "opus", // mine');
    expect(me.read('.claude/settings.json.before-forge-resume')).toBe(settings);
    const modes = ['settings.json', 'settings.json.before-forge-resume'].map(
      (name) => fs.statSync(join(me.home, '.claude', name)).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o600]);
    expect(me.read('.codex/config.toml')).toBe(config);
  });

  it('--dry-run says the same byte for byte, and writes nothing', async () => {
    for (const more of [[], ['--notify'], ['--json'], ['--json', '--notify', '--record', 'calls']]) {
      const me = both();
      const before = me.snapshot();
      const dry = await me.run(['install', '--dry-run', ...more]);
      expect(me.snapshot()).toEqual(before);
      expect(await me.run(['install', '--yes', ...more])).toEqual(dry);
      expect(me.snapshot()).not.toEqual(before);
      const installed = me.snapshot();
      const gone = await me.run(['uninstall', '--dry-run', ...more.slice(0, more[0] === '--json' ? 1 : 0)]);
      expect(me.snapshot()).toEqual(installed);
      expect(await me.run(['uninstall', '--yes', ...more.slice(0, more[0] === '--json' ? 1 : 0)])).toEqual(gone);
      expect(me.snapshot()).toEqual(before);
    }
  });

  it('--json says what the help says', async () => {
    const me = both();
    const { stdout: help } = await me.run(['install', '--help']);
    const { stdout } = await me.run(['install', '--dry-run', '--notify', '--json']);
    const keys = new Set<string>();
    JSON.parse(stdout, (key, value) => {
      if (!/^\d*$/.test(key)) keys.add(key);
      return value;
    });
    const [documented = ''] = /With --json[\s\S]*?\]\}/.exec(help) ?? [];
    expect([...documented.matchAll(/"(\w+)"/g)].map(([, key]) => key).sort()).toEqual([...keys].sort());
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      project: null,
      agents: [
        { agent: 'codex', files: [{ action: 'create' }, { action: 'edit', changes: ['notify'] }] },
        {
          agent: 'claude',
          files: [{ action: 'edit', changes: ['hook SessionStart', 'hook UserPromptSubmit', 'hook Stop'] }],
        },
      ],
    });
  });

  it('a second run finds nothing to do and leaves every byte', async () => {
    const me = both();
    await me.run(['install', '--yes', '--notify']);
    const installed = me.snapshot();
    const said = await me.run(['install', '--notify']);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toBe(
      'Codex, all projects: is set up already\n\nClaude Code, all projects: is set up already\n',
    );
    expect(me.snapshot()).toEqual(installed);
  });

  it('never writes trust hashes', async () => {
    const me = both();
    await me.run(['install', '--yes', '--notify']);
    expect(Object.values(me.snapshot()).join()).not.toMatch(/trust/);
  });

  it('what it writes is run by the agent: the hook moves a run, PATH names nothing', async () => {
    const { makeSandbox } = await import('../../support/sandbox.ts');
    const { stopEvent } = await import('../../support/payloads.ts');
    const { liveRun } = await import('../../support/runs.ts');
    const { execFileSync } = await import('node:child_process');
    const [me, sandbox] = [both(), makeSandbox()];
    await me.run(['install', '--yes', '--agent', 'claude']);
    sandbox.putRun('old', liveRun());
    sandbox.putSessions('now');
    const command = JSON.parse(me.read('.claude/settings.json').replace('// mine', '')).hooks.Stop[1].hooks[0].command;
    const env = { PATH: '/nonexistent', RCS_SESSION_ID: 'now' };
    expect(execFileSync('/bin/sh', ['-c', command], { env, input: stopEvent(sandbox.project) }).toString()).toBe('');
    expect(sandbox.run('now')).toMatchObject({ active: true });
  });

  it('only hooks where only config.toml has them: Codex wants them in one place', async () => {
    const me = makeAgentsHome();
    const text = '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "say done" # mine\n';
    me.put('.codex/config.toml', text);
    expect(await me.run(['install', '--yes'])).toMatchObject({ code: 0 });
    expect(fs.existsSync(join(me.home, '.codex/hooks.json'))).toBe(false);
    expect(me.read('.codex/config.toml').startsWith(`${text}\n# >>> forge-resume`)).toBe(true);
    await me.run(['uninstall', '--yes']);
    expect(me.read('.codex/config.toml')).toBe(text);
  });

  it('a list in line in config.toml: hooks.json, which Codex reads as well', async () => {
    const me = makeAgentsHome();
    me.put('.codex/config.toml', 'hooks.Stop = [{ hooks = [] }]\n');
    await me.run(['install', '--yes']);
    expect(Object.keys(hooksOf(me, '.codex/hooks.json'))).toEqual(['SessionStart', 'UserPromptSubmit', 'Stop']);
  });

  it('--record and --follow-links stand in the hook; without them they go', async () => {
    const me = makeAgentsHome('.claude');
    const commands = () =>
      Object.values(hooksOf(me, '.claude/settings.json')).map(([group]) => group?.hooks[0]?.command);
    await me.run(['install', '--yes', '--bare', '--follow-links', '--record', 'my calls']);
    const line = `forge-resume hook --follow-links --record '${join(me.work, 'my calls')}/'`;
    expect(commands()).toEqual([line, line, line]);
    await me.run(['install', '--yes', '--bare']);
    expect(commands()).toEqual(['forge-resume hook', 'forge-resume hook', 'forge-resume hook']);
    await me.run(['uninstall', '--yes']);
    expect(Object.keys(me.snapshot())).toEqual([join(me.home, '.claude')]);
  });

  it('a hook with --record makes the folder, and a file for each call', async () => {
    const me = makeAgentsHome('.claude');
    await me.run(['install', '--yes', '--record', 'calls']);
    const [, ...args] = hooksOf(me, '.claude/settings.json')['Stop']?.[0]?.hooks[0]?.command.split(' ').slice(1) ?? [];
    const sandbox = makeSandbox();
    sandbox.putRun('now', liveRun({ owner_rcs_session_id: 'now' }));
    const agent = { env: { RCS_SESSION_ID: 'now' }, input: stopEvent(sandbox.project) };
    for (const count of [1, 2]) {
      expect(await runProgram(args, agent)).toEqual(silent);
      expect(fs.readdirSync(join(me.work, 'calls'))).toHaveLength(count);
    }
  });

  it.each(['', '--yes'])('--record that names nothing is wrong usage: %j', async (value) => {
    const me = makeAgentsHome('.claude');
    expect(await me.run(['install', '--record', value])).toMatchObject({ code: 2, stdout: '' });
  });

  it('policies stand in the hook, as it reads them; a second run leaves every byte; without them they go', async () => {
    const me = both();
    const before = me.snapshot();
    const policies = ['--stale-after', '7d', '--require-dead-owner', '--refuse-foreign-owner'];
    const others = ['--session-from', 'pointer', '--allowed-sessions', 'a,b'];
    const install = (...more: string[]) => me.run(['install', '--yes', '--bare', ...more]);
    const commands = () => [
      ...Object.values(hooksOf(me, '.codex/hooks.json')).map(([group]) => group?.hooks[0]?.command),
      ...(me.read('.claude/settings.json').match(/forge-resume hook[^"]*/g) ?? []),
    ];
    expect(await install(...policies, ...others)).toMatchObject({ code: 0, stderr: '' });
    expect(commands()).toEqual(Array(6).fill(['forge-resume hook', ...policies, ...others].join(' ')));
    const installed = me.snapshot();
    expect((await install(...policies, ...others)).stdout).toMatch(/^Codex, all projects: is set up already\n/);
    expect(me.snapshot()).toEqual(installed);
    expect(await install('--record', '/tmp/calls', '--require-dead-owner')).toMatchObject({ code: 0 });
    expect(commands()).toEqual(Array(6).fill('forge-resume hook --record /tmp/calls/ --require-dead-owner'));
    await install();
    expect(commands()).toEqual(Array(6).fill('forge-resume hook'));
    await install(...policies);
    await me.run(['uninstall', '--yes']);
    expect(me.snapshot()).toEqual(before);
  });

  it('the environment puts no policy into a hook', async () => {
    const me = both();
    await me.run(['install', '--yes', '--bare'], { env: { FORGE_RESUME_STALE_AFTER: 'soon' } });
    expect(me.read('.codex/hooks.json')).not.toContain('stale');
  });

  it.each([
    ['--stale-after', '12'],
    ['--session-from', 'env'],
    ['--allowed-sessions', 'a,,b'],
  ])('%s %s is wrong usage: a hook that cannot understand it makes no call', async (...args) => {
    const me = both();
    const before = me.snapshot();
    const said = await me.run(['install', '--yes', ...args]);
    expect(said).toMatchObject({ code: 2, stdout: '' });
    expect(said.stderr).toMatch(new RegExp(`^forge-resume install: ${args[0]} takes [^\\n]+\\n$`));
    expect(me.snapshot()).toEqual(before);
  });

  it('hooks that are switched off are named', async () => {
    const me = makeAgentsHome();
    me.put('.codex/config.toml', '[features]\ncodex_hooks = false\n');
    me.put('.claude/settings.json', '{ "disableAllHooks": true }');
    const { stdout } = await me.run(['install', '--dry-run']);
    expect(stdout).toContain('[features] codex_hooks is false');
    expect(stdout).toContain('"disableAllHooks" is true');
  });

  it('byte order mark and CRLF stay', async () => {
    const me = makeAgentsHome();
    const text = '\ufeff{\r\n  "a": 1\r\n}\r\n';
    me.put('.claude/settings.json', text);
    await me.run(['install', '--yes']);
    expect(me.read('.claude/settings.json')).toMatch(/^\ufeff\{\r\n {2}"a": 1,\r\n {2}"hooks": \{\r\n/);
    fs.rmSync(join(me.home, '.claude/settings.json.before-forge-resume'));
    await me.run(['uninstall', '--yes']);
    expect(me.read('.claude/settings.json')).toBe(text);
  });

  it('hostile text in a configuration is shown, not obeyed', async () => {
    const me = makeAgentsHome();
    me.put('.claude/settings.json', '{\n  "a": "\u009b2J\u202e"\n}\n');
    const { stdout } = await me.run(['install', '--dry-run']);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stdout).toContain('\\u009b2J\\u202e');
  });
});

describe('forge-resume uninstall', () => {
  it('somebody has changed the file since: only ours goes', async () => {
    const me = both();
    await me.run(['install', '--yes', '--notify']);
    const edit = (name: string, from: string, to: string) => me.put(name, me.read(name).replace(from, to));
    edit('.claude/settings.json', '"model": "opus"', '"model": "sonnet"');
    edit('.codex/config.toml', 'model = "x"', 'model = "y"');
    edit('.codex/hooks.json', '"hooks": {', '"hooks": {\n    "Setup": [],');
    expect(await me.run(['uninstall', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect(me.read('.claude/settings.json')).toContain('"model": "sonnet", // mine');
    expect(me.read('.claude/settings.json')).not.toContain('forge-resume');
    expect(me.read('.codex/config.toml')).toBe(config.replace('model = "x"', 'model = "y"'));
    expect(me.json('.codex/hooks.json')).toEqual({ hooks: { Setup: [] } });
    expect(Object.keys(me.snapshot()).filter((path) => path.includes('forge-resume'))).toEqual([]);
  });

  it('installed twice in different ways: still as it was before the first', async () => {
    const me = both();
    const before = me.snapshot();
    await me.run(['install', '--yes']);
    await me.run(['install', '--yes', '--notify', '--record', '/tmp/calls']);
    await me.run(['install', '--yes', '--bare', '--notify']);
    await me.run(['uninstall', '--yes']);
    expect(me.snapshot()).toEqual(before);
  });

  it('our entries came back from a backup of the user: taken out, whatever the receipt says', async () => {
    const me = both();
    await me.run(['install', '--yes', '--agent', 'claude', '--bare']);
    const withOurs = me.read('.claude/settings.json').replace('opus', 'haiku');
    me.put('.claude/settings.json', withOurs);
    await me.run(['install', '--yes', '--agent', 'claude']);
    await me.run(['uninstall', '--yes']);
    expect(me.read('.claude/settings.json')).not.toContain('forge-resume');
    expect(me.read('.claude/settings.json')).toContain('haiku');
  });

  it('folders that install made go, others stay though they are empty', async () => {
    const me = makeAgentsHome('.claude');
    const before = me.snapshot();
    await me.run(['install', '--yes', '--agent', 'all']);
    expect(fs.existsSync(join(me.home, '.codex/hooks.json'))).toBe(true);
    await me.run(['uninstall', '--yes']);
    expect(me.snapshot()).toEqual(before);
  });

  it('a folder that install made stays where somebody keeps something there', async () => {
    const me = makeAgentsHome();
    await me.run(['install', '--yes', '--agent', 'codex']);
    me.put('.codex/auth.json', '{}');
    await me.run(['uninstall', '--yes']);
    expect(Object.keys(me.snapshot())).toEqual([join(me.home, '.codex'), join(me.home, '.codex/auth.json')]);
  });

  it('without a receipt, and with a damaged one, our entries go', async () => {
    for (const receipt of [undefined, '{"schema":1,"files":{"settings.json":7}}', 'x']) {
      const me = both();
      await me.run(['install', '--yes', '--agent', 'claude']);
      if (receipt === undefined) fs.rmSync(join(me.home, '.claude/.forge-resume-install.json'));
      else me.put('.claude/.forge-resume-install.json', receipt);
      await me.run(['uninstall', '--yes']);
      expect(JSON.parse(me.read('.claude/settings.json').replace('// mine', ''))).toEqual(
        JSON.parse(settings.replace('// mine', '')),
      );
      expect(Object.keys(me.snapshot()).filter((path) => path.includes('forge-resume'))).toEqual([]);
    }
  });

  it('a hook that was written by hand is named and stays', async () => {
    const me = makeAgentsHome();
    const text = JSON.stringify({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'X=1 forge-resume hook' }] }] },
    });
    me.put('.claude/settings.json', text);
    const { code, stdout } = await me.run(['uninstall', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Stop: a hook in .* was written by hand; take it out by hand/);
    expect(me.read('.claude/settings.json')).toBe(text);
  });

  it('nothing there: says so, exit 0, changes nothing', async () => {
    const me = both();
    const before = me.snapshot();
    expect(await me.run(['uninstall'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('has nothing of forge-resume'),
    });
    expect(me.snapshot()).toEqual(before);
  });
});

describe('forge-resume install: nobody to ask, and wrong usage', () => {
  it('needs --yes or --dry-run: the plan, then exit 2, nothing written', async () => {
    const me = both();
    const before = me.snapshot();
    const said = await me.run(['install']);
    expect(said).toMatchObject({ code: 2, stderr: expect.stringMatching(/--yes.*--dry-run/) });
    expect(said.stdout).toBe((await me.run(['install', '--dry-run'])).stdout);
    expect(await me.run(['install', '--json'])).toMatchObject({ ...oneLine(/--yes/), code: 2 });
    expect(me.snapshot()).toEqual(before);
  });

  it.each([
    [['--global', '--project'], /one of --global and --project/],
    [['--project', '--notify'], /Codex takes no notify from a project/],
    [['--agent', 'other'], /Allowed choices are codex, claude, all/],
    [['--unknown'], /unknown option/],
  ])('install %j: exit 2', async (args, message) => {
    const me = both();
    expect(await me.run(['install', '--yes', ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(message),
    });
  });

  it('no agent is there: exit 1, names the folders and the option', async () => {
    const me = makeAgentsHome();
    expect(await me.run(['install', '--yes'])).toMatchObject({
      ...oneLine(/\.codex \(Codex\) nor .*\.claude.*--agent/),
      code: 1,
    });
    const { stdout } = await me.run(['install', '--yes', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, command: 'install', error: { message: expect.any(String) } });
  });

  it('CODEX_HOME and CLAUDE_CONFIG_DIR name the folders', async () => {
    const me = makeAgentsHome();
    const env = { CODEX_HOME: join(me.work, 'c'), CLAUDE_CONFIG_DIR: join(me.work, 'd') };
    await me.run(['install', '--yes', '--agent', 'all'], { env });
    expect(Object.keys(me.snapshot()).filter((path) => !path.includes('receipt') && path.endsWith('s.json'))).toEqual([
      join(me.work, 'c/hooks.json'),
      join(me.work, 'd/settings.json'),
    ]);
  });
});
