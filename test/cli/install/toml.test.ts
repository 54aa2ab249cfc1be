import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { hookEvents } from '../../../src/cli/install/hook-events.ts';
import { addTomlHooks, removeTomlHooks } from '../../../src/cli/install/toml-hooks.ts';
import { addNotify, removeNotify } from '../../../src/cli/install/toml-notify.ts';
import { fencesOf } from '../../readme/markdown.ts';
import { oddToml } from '../../support/odd-toml.ts';

const program = ['/usr/bin/node', '/opt/my "tools"/forge-resume.cjs'];
const command = '/usr/bin/node \'/opt/my "tools"/forge-resume.cjs\' hook';
const add = (text: string, line = command) => addTomlHooks(text, line, hookEvents) ?? { text: '', events: [] };
const ours = { hooks: [{ type: 'command', command }] };

type Config = Record<string, unknown> & { hooks?: Record<string, unknown[]>; notify?: string[] };
const said = (text: string): Config => parse(text, { integersAsBigInt: true }) as Config;

describe('hooks in a TOML configuration', () => {
  it('one block at the end; every byte before it stays', () => {
    fc.assert(
      fc.property(oddToml, (text) => {
        const { text: after, events } = add(text);
        expect(events).toEqual([...hookEvents]);
        expect(after.startsWith(text)).toBe(true);
        const [before, now] = [said(text), said(after)];
        for (const event of hookEvents) expect(now.hooks?.[event]).toEqual([...(before.hooks?.[event] ?? []), ours]);
        expect({ ...now, hooks: null }).toEqual({ ...before, hooks: null });
        expect(now.hooks?.['state']).toEqual(before.hooks?.['state']);
      }),
    );
  });

  it('a second run changes nothing; another command stands in the same place', () => {
    fc.assert(
      fc.property(oddToml, (text) => {
        const { text: first } = add(text, 'forge-resume hook');
        expect(add(first, 'forge-resume hook')).toEqual({ text: first, events: [] });
        const { text: second, events } = add(first);
        expect(events).toEqual([...hookEvents]);
        expect(second).toBe(add(text).text);
      }),
    );
  });

  it('taken out again: what stood there, but for a final line end', () => {
    fc.assert(
      fc.property(oddToml, (text) => {
        const { text: after, events } = removeTomlHooks(add(text).text);
        expect(events).toEqual([...hookEvents]);
        expect(after.trimEnd()).toBe(text.trimEnd());
        if (text.endsWith('\n')) expect(after).toBe(text);
      }),
    );
  });

  it('hooks that were pasted from the README are ours: left by install, taken out by uninstall', () => {
    const [{ text: pasted = '' } = {}] = fencesOf('README.md').filter(
      ({ language, text }) => language === 'toml' && text.includes('hooks.Stop'),
    );
    const text = `model = "x"\n\n${pasted}\n\n[other]\na = 1\n`;
    expect(add(text)).toEqual({ text, events: [] });
    expect(removeTomlHooks(text)).toEqual({ text: 'model = "x"\n\n[other]\na = 1\n', events: [...hookEvents] });
  });

  it('a list in line is left to hooks.json', () => {
    expect(addTomlHooks('hooks = { Stop = [{ hooks = [] }] }\n', command, hookEvents)).toBeUndefined();
    expect(addTomlHooks('[hooks]\nStop = [{ hooks = [] }]\n', command, hookEvents)).toBeUndefined();
  });

  it('hooks of ours that are written in another way are not taken out by guessing', () => {
    const text = '[hooks]\nStop = [{ hooks = [{ type = "command", command = "forge-resume hook" }] }]\n';
    expect(() => removeTomlHooks(text)).toThrow('take them out by hand');
  });

  it('what somebody has put into our block is not lost', () => {
    const text = add('').text.replace('# <<<', '[other]\na = 1\n# <<<');
    expect(() => removeTomlHooks(text)).toThrow('take them out by hand');
  });

  it.each(['a', '[', 'a = 1\na = 2', '= 1'])('what does not parse is refused: %j', (text) => {
    expect(() => add(text)).toThrow('does not parse as TOML');
    expect(() => removeTomlHooks(text)).toThrow('does not parse as TOML');
    expect(() => addNotify(text, program)).toThrow('does not parse as TOML');
    expect(() => removeNotify(text)).toThrow('does not parse as TOML');
  });
});

describe('notify in a TOML configuration', () => {
  it('ours stands there, the one from before behind --then, everything else stays', () => {
    fc.assert(
      fc.property(oddToml, (text) => {
        const { text: after, isChanged, chained } = addNotify(text, program);
        const before = said(text);
        expect(isChanged).toBe(true);
        expect(chained).toEqual(before.notify ?? []);
        const behind = chained.length === 0 ? [] : ['--then', ...chained];
        expect(said(after)).toEqual({ ...before, notify: [...program, 'notify', ...behind] });
        expect(addNotify(after, program)).toEqual({ text: after, isChanged: false, chained });
      }),
    );
  });

  it('taken out again: the one from before', () => {
    fc.assert(
      fc.property(oddToml, (text) => {
        const { text: after, isChanged } = removeNotify(addNotify(text, program).text);
        expect(isChanged).toBe(true);
        const { notify = [], ...others } = said(text);
        expect(said(after)).toEqual(notify.length === 0 ? others : { ...others, notify });
        if (!/notify"?\s*=/.test(text)) expect(after).toBe(text);
      }),
    );
  });

  it('another program of ours takes the place of ours, and keeps what is behind it', () => {
    const { text } = addNotify('notify = ["a"]\n', ['forge-resume']);
    expect(said(addNotify(text, program).text).notify).toEqual([...program, 'notify', '--then', 'a']);
  });

  it.each(['notify = "a"', 'notify = [1]', '[notify]\na = 1', 'notify = true'])('%j is refused', (text) => {
    expect(() => addNotify(text, program)).toThrow('has a "notify" that is no list of words');
    expect(removeNotify(text)).toMatchObject({ text, isChanged: false });
  });

  it('a wrapper around ours is left alone', () => {
    const text = 'notify = ["sh", "-c", "forge-resume notify \\"$1\\""]\n';
    expect(addNotify(text, program)).toMatchObject({ text, isChanged: false });
    expect(removeNotify(text)).toMatchObject({ text, isChanged: false });
  });
});
