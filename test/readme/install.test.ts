import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeAgentsHome } from '../support/agents-home.ts';
import { builtCli, runProgram } from '../support/program.ts';
import { fencesOf, firstColumn } from './markdown.ts';
import { shellOf } from './newcomer.ts';

const heading = 'With one command';
const [shown = ''] = fencesOf('README.md')
  .filter((fence) => fence.heading === heading && fence.language === 'text')
  .map(({ text }) => text);
const [commands = []] = shellOf(heading);
const wordsOf = (command = ''): string[] => command.split(' ').slice(1);

/** Paths of this machine as the README has them. */
const shortened = (text: string, home: string): string =>
  text
    .replaceAll(join(fs.realpathSync(builtCli), 'forge-resume.cjs'), '/usr/lib/forge-resume.cjs')
    .replaceAll(/"command": "\S+ /g, '"command": "/usr/bin/node ')
    .replaceAll(home, '/home/me');

describe('README, "With one command"', () => {
  it('shows what the program prints', async () => {
    const me = makeAgentsHome('.codex');
    const { code, stdout } = await me.run(wordsOf(commands[0]));
    expect(code).toBe(0);
    expect(shortened(stdout, me.home)).toBe(`${shown}\n`);
    expect(await me.run([...wordsOf(commands[1]), '--yes'])).toMatchObject({ code: 0, stdout });
    const written = shortened(me.read('.codex/hooks.json'), me.home);
    expect(shown).toContain(written.trimEnd().replaceAll(/^/gm, '+'));
  });

  it('lists the switches that there are', async () => {
    const named = firstColumn('README.md', 'switch').flatMap((cell) => cell.match(/--[\w-]+/g) ?? []);
    const { stdout } = await runProgram(['install', '--help']);
    const [options = ''] = stdout.split('Options:')[1]?.split('\n\n') ?? [];
    const known = [...options.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag);
    expect([...named, '--global', '--version', '--help'].sort()).toEqual(known.sort());
  });

  it('the completion of each shell is what the section tells to read', async () => {
    const [, lines = []] = shellOf('At a terminal');
    const told = lines.map((line) => /forge-resume completion (\w+)/.exec(line)?.[1]);
    expect(told).toEqual(['bash', 'zsh', 'fish']);
    for (const shell of told) {
      expect(await runProgram(['completion', shell ?? ''])).toMatchObject({
        code: 0,
        stderr: '',
        stdout: expect.stringContaining(`${shell} completion`),
      });
    }
  });
});
