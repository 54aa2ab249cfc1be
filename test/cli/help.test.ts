import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { runProgram } from '../support/program.ts';

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const commands = ['reconcile', 'notify', 'hook', 'demo', 'adopt', 'end', 'undo', 'store', 'db'];

describe('--help and --version', () => {
  it.each([[], ...commands.map((command) => [command])])('forge-resume %s --version', async (...command) => {
    const expected = { code: 0, stdout: `${version}\n`, stderr: '' };
    expect(await runProgram([...command, '--version'])).toMatchObject(expected);
    expect(await runProgram([...command, '-V'])).toMatchObject(expected);
  });

  it.each(commands)('forge-resume %s --help shows its usage, by either spelling', async (command) => {
    const long = await runProgram([command, '--help']);
    expect(long).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(`^Usage: forge-resume ${command}`),
    });
    expect(await runProgram([command, '-h'])).toEqual(long);
    expect(await runProgram(['help', command])).toEqual(long);
  });

  it.each(commands)('no line of the help of %s is broken off by a terminal of 125 columns', async (command) => {
    const { stdout } = await runProgram([command, '--help']);
    expect(stdout.split('\n').filter((line) => line.length > 125)).toEqual([]);
  });

  it.each([
    [['help', 'nothing'], /^forge-resume help: there is no command nothing; there are status, why, .*, paths\n$/],
    [['store', 'help', 'nothing'], /^forge-resume store help: .* nothing; there are use, show, forget\n$/],
    [['help', 'a\u001b[2J'], /no command a\\u001b\[2J;/],
  ])('help of what is no command says which there are: %j', async (args, says) => {
    expect(await runProgram(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(says) });
  });

  it('the help of a command of a command is its own', async () => {
    expect(await runProgram(['store', 'help', 'use'])).toMatchObject({ code: 0, stderr: '' });
    expect(await runProgram(['help', 'log'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('the program help lists every command and shows how to set it up', async () => {
    const { code, stdout } = await runProgram(['--help']);
    expect(code).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(stdout).toContain('notify = ["forge-resume", "notify"]');
    expect(stdout).toContain('75');
  });

  it('the hooks configuration in the help is valid JSON and names the three events', async () => {
    const { stdout } = await runProgram(['hook', '--help']);
    const text = /^ {2}(\{ "hooks".*?\} \})$/ms.exec(stdout)?.[1] ?? '';
    const entry = [{ hooks: [{ type: 'command', command: 'forge-resume hook' }] }];
    expect(JSON.parse(text)).toEqual({ hooks: { SessionStart: entry, UserPromptSubmit: entry, Stop: entry } });
  });

  it.each(['notify', 'hook'])(
    'the %s help names the switch that takes a state directory elsewhere',
    async (command) => {
      expect((await runProgram([command, '--help'])).stdout).toMatch(/^ {2}--follow-links /m);
    },
  );

  it('the reconcile help names the exit codes and what a failure prints with --json', async () => {
    const { stdout } = await runProgram(['reconcile', '--help']);
    const parts = [
      '0 ',
      '1 ',
      '2 ',
      '75 ',
      reasons.lockTimeout,
      '"schema":1',
      '{"schema":1,"error":{"code","message"}}',
      ...errorCodes,
    ];
    for (const part of parts) expect(stdout).toContain(part);
  });

  it('--help beside other arguments is a payload like any other to notify', async () => {
    expect(await runProgram(['notify', '--help', 'x'])).toMatchObject({ code: 0, stdout: '' });
  });
});
