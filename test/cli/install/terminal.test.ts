import { describe, expect, it } from 'vitest';
import { type AgentsHome, makeAgentsHome } from '../../support/agents-home.ts';
import { answerInTerminal } from '../../support/in-terminal.ts';
import { needs } from '../../support/tools.ts';

const atTerminal = (me: AgentsHome, words: string, answer: string, meanwhile?: () => void): Promise<string> =>
  answerInTerminal(words, { cwd: me.work, env: me.env(), answer, ...(meanwhile === undefined ? {} : { meanwhile }) });

describe.runIf(needs('script'))('forge-resume install at a terminal', () => {
  it.each(['y\r', 'yes\r', ' Y \r'])('asks, and %j writes', async (answer) => {
    const me = makeAgentsHome('.claude');
    const seen = await atTerminal(me, 'install', answer);
    expect(seen).toContain('"command": "');
    expect(seen).toMatch(/Write this\? \[y\/N\][\s\S]*exit 0\n$/);
    expect(me.read('.claude/settings.json')).toContain('forge-resume.cjs hook');
  });

  it.each(['\r', 'n\r', 'nay\r', '\u0004', '\u0003'])('%j writes nothing, exit 1', async (answer) => {
    const me = makeAgentsHome('.claude');
    const before = me.snapshot();
    expect(await atTerminal(me, 'install', answer)).toMatch(/nothing was written\nexit 1\n$/);
    expect(me.snapshot()).toEqual(before);
  });

  it('a file that changes while somebody thinks about it is left as it is', async () => {
    const me = makeAgentsHome();
    me.put('.claude/settings.json', '{}');
    const changed = '{ "a": 1 }';
    const seen = await atTerminal(me, 'install', 'y\r', () => void me.put('.claude/settings.json', changed));
    expect(seen).toMatch(/settings\.json has changed meanwhile; it is left as it is, try again\nexit 1\n$/);
    expect(me.read('.claude/settings.json')).toBe(changed);
    expect(Object.keys(me.snapshot()).length).toBe(2);
  });

  it('does not ask where there is nothing to do, nor with --yes or --dry-run', async () => {
    const me = makeAgentsHome('.claude');
    expect(await atTerminal(me, 'install --dry-run', '')).toMatch(/exit 0\n$/);
    expect(await atTerminal(me, 'install --yes', '')).toMatch(/exit 0\n$/);
    expect(await atTerminal(me, 'install', '')).toMatch(/is set up already\nexit 0\n$/);
    expect(await atTerminal(me, 'uninstall', 'y\r')).toMatch(/exit 0\n$/);
    expect(await atTerminal(me, 'uninstall', '')).toMatch(/has nothing of forge-resume\nexit 0\n$/);
  });
});
