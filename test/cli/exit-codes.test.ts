import { describe, expect, it } from 'vitest';
import { exitCodeHelp, exitCodePage, exitCodes } from '../../src/cli/exit-codes.ts';
import { readPage } from '../readme/markdown.ts';
import { oneLine, runProgram, silent } from '../support/program.ts';
import { makeSandbox } from '../support/sandbox.ts';

describe('exit codes: one table', () => {
  it('0 fine, 1 could not do it, 2 usage, 3 findings, 4 findings left, 75 busy', () => {
    expect(Object.values(exitCodes)).toEqual([0, 1, 2, 3, 4, 75]);
  });

  it('the README has it', () => {
    expect(readPage('README.md')).toContain(`\n${exitCodePage()}\n`);
  });

  it.each([
    [undefined],
    ['reconcile'],
    ['install'],
    ['uninstall'],
    ['completion'],
    ['status'],
    ['why'],
    ['doctor'],
    ['store'],
    ['db'],
    ['demo'],
    ['graph'],
    ['inspect'],
    ['paths'],
    ['hook'],
    ['notify'],
  ])('the help of %s has it', async (command) => {
    const { stdout } = await runProgram([...(command === undefined ? [] : [command]), '--help']);
    expect(stdout).toContain(exitCodeHelp(command));
  });

  it('busy is no code of a command that takes no lock', () => {
    expect(exitCodeHelp('install')).not.toContain('75');
    expect(exitCodeHelp('reconcile')).toContain('75');
  });

  it.each([['hook'], ['notify']])('%s knows 0 alone', (command) => {
    expect(exitCodeHelp(command).match(/^ {2}\d+/gm)).toEqual(['  0']);
  });
});

describe('exit codes: hook and notify always exit with 0', () => {
  it.each([
    [['hook', '--unknown']],
    [['hook', '--unknown', 'x', '--help']],
    [['hook', '--help']],
    [['hook', '--version']],
    [['notify']],
    [['notify', '--unknown', '{}']],
    [['notify', '--then']],
    [['notify', '--help']],
  ])('%j', async (args) => {
    expect(await runProgram(args, { input: '{}' })).toMatchObject({ code: 0 });
  });

  it('an unknown flag changes nothing', async () => {
    const { project } = makeSandbox();
    const input = JSON.stringify({ hook_event_name: 'Stop', session_id: 's1', cwd: project });
    expect(await runProgram(['hook', '--unknown'], { input })).toEqual(silent);
  });

  it('other commands: an unknown flag is usage', async () => {
    expect(await runProgram(['reconcile', '--unknown'])).toMatchObject({ code: 2 });
    expect(await runProgram(['unknown'])).toMatchObject({ code: 2 });
    expect(await runProgram(['reconcile', '--state-dir', '/nonexistent/x'])).toMatchObject({ code: 0 });
    expect(await runProgram(['notify', 'x'])).toMatchObject(oneLine(/no JSON object/));
  });

  it.each([
    [['status', '--json', '--unknown'], /unknown option '--unknown'/],
    [['status', '--json', '--session-from', 'x'], /takes pointer/],
    [['why', '--json', '../x'], /no session id.*forge-resume status/],
    [['why', '--json', '--stale-after', '1'], /30m, 12h or 7d/],
    [['history', '--json', '--session', 'a b'], /no session id.*forge-resume status/],
    [['history', '--json', '--limit', '0'], /from 1 on/],
    [['doctor', '--json', '--only', 'FR999'], /FR001/],
    [['reconcile', '--json', '--stale-after', 'x'], /30m, 12h or 7d/],
    [['reconcile', '--json', '--exit-code'], /--dry-run/],
    [['report', '--json', '--session-from', 'x'], /takes pointer/],
    [['adopt', '--json', '../x'], /no session id/],
    [['adopt', '--json', 'old', '--into', '../x'], /no session id/],
    [['end', '--json'], /missing required argument 'session'/],
    [['undo', '--json', '--from', '../x'], /no session id/],
    [['install', '--json', '--global', '--project'], /one of --global and --project/],
    [
      ['store', 'use', '--json', 'http://me:secret@db/x'],
      /^forge-resume store use: the address of a store begins with/,
    ],
    [['store', 'use', '--json', 'postgres://db/x', '--project', 'a\tb'], /a project's name has/],
    [['reconcile', '--json', '--dry-run', '--record', 'x'], /^[^\n]*--record[^\n]*--dry-run[^\n]*\n$/],
    [['reconcile', '--json', '--dry-run', '--inspect=stately'], /^[^\n]*--inspect[^\n]*--dry-run[^\n]*\n$/],
    [['adopt', 'old', '--json', '--dry-run', '--record', 'x'], /^[^\n]*--record[^\n]*--dry-run[^\n]*\n$/],
    [['end', 'old', '--json', '--dry-run', '--record', 'x'], /^[^\n]*--record[^\n]*--dry-run[^\n]*\n$/],
    [['undo', '--json', '--dry-run', '--record', 'x'], /^[^\n]*--record[^\n]*--dry-run[^\n]*\n$/],
  ])('wrong usage with --json is one object as well: %j', async (args, message) => {
    const { stateDir } = makeSandbox();
    const where = args[0] === 'install' ? [] : ['--state-dir', stateDir];
    const { code, stdout, stderr } = await runProgram([...args, ...where]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    const said = JSON.parse(stdout);
    expect(said).toMatchObject({ schema: 1, error: { message: expect.any(String) } });
    expect(stderr).toContain(said.error.message);
    expect(stderr).not.toContain('secret');
  });
});
