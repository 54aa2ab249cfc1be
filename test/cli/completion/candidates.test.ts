import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { candidatesFor } from '../../../src/cli/completion/candidates.ts';
import { oneLine, runProgram } from '../../support/program.ts';
import { makeSandbox } from '../../support/sandbox.ts';

const program = new Command('p').option('-q, --quiet', 'no words');
program
  .command('one')
  .alias('uno')
  .description('the first')
  .addOption(new Option('--format <format>', 'how').choices(['a', 'b']))
  .option('--into <dir>', 'where')
  .option('--project [dir]', 'which')
  .option('--text <words>', 'what')
  .option('-v, --verbose', 'more');
program.command('two').argument('<shell>').argument('[words...]');
program.command('secret', { hidden: true });

const at = (...words: string[]) => {
  const found = candidatesFor(program, words);
  return found === 'files' ? found : found.map(([value]) => value);
};

describe('what may stand at the cursor', () => {
  it('commands, with what they do; hidden ones never', () => {
    expect(at('')).toEqual(['one', 'two', 'help']);
    expect(at('o')).toEqual(['one']);
    expect(candidatesFor(program, ['on'])).toEqual([['one', 'the first']]);
  });

  it('flags of the command, those that are there already left out', () => {
    expect(at('--')).toEqual(['--quiet', '--help']);
    expect(at('one', '--')).toEqual(['--format', '--into', '--project', '--text', '--verbose', '--help']);
    expect(at('uno', '-v', '--format', 'a', '--')).toEqual(['--into', '--project', '--text', '--help']);
    expect(at('-q', 'one', '--f')).toEqual(['--format']);
  });

  it('values: choices, files, or nothing that we know', () => {
    expect(at('one', '--format', '')).toEqual(['a', 'b']);
    expect(at('one', '--format=')).toEqual(['--format=a', '--format=b']);
    expect(at('one', '--into', '')).toBe('files');
    expect(at('one', '--into=')).toBe('files');
    expect(at('one', '--text', '')).toEqual([]);
    expect(at('one', '--unknown=')).toEqual([]);
  });

  it('an optional value may be one or the next flag', () => {
    expect(at('one', '--project', '')).toBe('files');
    expect(at('one', '--project', '--v')).toEqual(['--verbose']);
  });

  it('arguments that we know nothing about, and words that are too many', () => {
    expect(at('two', '')).toEqual([]);
    expect(at('one', 'x', '')).toEqual([]);
    expect(at('nothing', '')).toEqual([]);
  });
});

describe('forge-resume completion', () => {
  it('offers every command that the help lists', async () => {
    const [{ stdout: lines }, { stdout: help }] = await Promise.all([
      runProgram(['completion', 'bash', '--', '']),
      runProgram(['--help']),
    ]);
    const listed = [...((help.split('Commands:')[1] ?? '').split('\n\n')[0]?.matchAll(/^ {2}([a-z]+)/gm) ?? [])].map(
      ([, name]) => name,
    );
    expect(listed.length).toBeGreaterThan(8);
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0]),
    ).toEqual(listed);
  });

  it('offers what a command of commands has', async () => {
    const { stdout } = await runProgram(['completion', 'bash', '--', 'store', '']);
    const words = stdout.trimEnd().split('\n');
    expect(words.map((line) => line.split('\t')[0])).toEqual(['use', 'show', 'forget', 'help']);
  });

  it('a shell that is not known: exit 2', async () => {
    expect(await runProgram(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' });
    expect(await runProgram(['completion'])).toMatchObject({ code: 2, stdout: '' });
  });

  it('hook and notify never load it', async () => {
    expect(await runProgram(['notify', 'completion'])).toMatchObject(oneLine(/no JSON object/));
  });
});

describe('forge-resume completion knows sessions and files', () => {
  it.each([
    [['history', '--session', 'lau'], ['launch-1']],
    [['log', '--session=lau'], ['--session=launch-1']],
    [
      ['adopt', 'x', '--into', ''],
      ['launch-1', 'other'],
    ],
    [['why', '--la'], ['--last']],
    [['report', ''], [':files']],
  ])('%j', async (words, values) => {
    const box = makeSandbox();
    box.putSessions('launch-1', 'other');
    const { stdout } = await runProgram(['completion', 'bash', '--', ...words], { cwd: box.project });
    const offered = stdout.trimEnd().split('\n');
    expect(offered.map((line) => line.split('\t')[0])).toEqual(values);
  });
});
