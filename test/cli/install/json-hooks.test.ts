import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { hookEvents } from '../../../src/cli/install/hook-events.ts';
import { addJsonHooks, removeJsonHooks } from '../../../src/cli/install/json-hooks.ts';
import { Refusal } from '../../../src/cli/install/refusal.ts';
import { commentsIn, laidOut, oddConfig, soundConfig } from '../../support/odd-json.ts';

const command = '/usr/bin/node /opt/forge-resume.cjs hook';
const add = (text: string, line = command) => addJsonHooks(text, line, hookEvents);
const ours = { hooks: [{ type: 'command', command }] };

type Config = { hooks?: Record<string, unknown[]> };
const said = (text: string): Config => parse(text, [], { allowTrailingComma: true });

/** A configuration without the lists and the object that hold nothing. */
const withoutEmpty = (config: Config): Config => {
  const { hooks, ...others } = config;
  const full = Object.entries(hooks ?? {}).filter(([, list]) => list.length > 0);
  return full.length === 0 ? others : { ...others, hooks: Object.fromEntries(full) };
};

/** Found by chance: what is left between two items ends up behind a comment. */
const swallowed = ' {"hooks":{"Stop" // a, "b" ]\n: [] // a, "b" ]\n, // a, "b" ]\n"SessionStart" :[] ,} ,} ';

describe('hooks in a JSON configuration', () => {
  it('whatever stands there: ours come last in their lists, everything else stays', () => {
    fc.assert(
      fc.property(laidOut(soundConfig), (text) => {
        const { text: after, events } = add(text);
        expect(events).toEqual([...hookEvents]);
        const [before, now] = [said(text), said(after)];
        for (const event of hookEvents) expect(now.hooks?.[event]).toEqual([...(before.hooks?.[event] ?? []), ours]);
        const others = ({ hooks = {}, ...rest }: Config) => [
          rest,
          Object.entries(hooks).filter(([event]) => !(hookEvents as readonly string[]).includes(event)),
        ];
        expect(others(now)).toEqual(others(before));
        expect(Object.keys(now).filter((key) => key !== 'hooks')).toEqual(
          Object.keys(before).filter((key) => key !== 'hooks'),
        );
        expect(commentsIn(after)).toEqual(commentsIn(text));
      }),
      { numRuns: 500 },
    );
  });

  it('a second run changes nothing', () => {
    fc.assert(
      fc.property(laidOut(soundConfig), (text) => {
        const { text: after } = add(text);
        expect(add(after)).toEqual({ text: after, events: [] });
      }),
      { numRuns: 200 },
    );
  });

  it('taken out again: what stood there before, and every comment', () => {
    fc.assert(
      fc.property(laidOut(soundConfig), (text) => {
        const { text: after, events } = removeJsonHooks(add(text).text);
        expect(events).toEqual([...hookEvents]);
        expect(withoutEmpty(said(after))).toEqual(withoutEmpty(said(text)));
        // Blanks that stood between what went may end up at the end of a line's comment.
        expect(commentsIn(after).map((one) => one.trimEnd())).toEqual(commentsIn(text).map((one) => one.trimEnd()));
        expect(removeJsonHooks(after)).toEqual({ text: after, events: [] });
      }),
      { numRuns: 500, examples: [[swallowed]] },
    );
  });

  it('another command takes the place of ours, nothing else moves', () => {
    fc.assert(
      fc.property(laidOut(soundConfig), (text) => {
        const { text: first } = add(text, 'forge-resume hook --record /old');
        const { text: second, events } = add(first);
        expect(events).toEqual([...hookEvents]);
        expect(second).toBe(first.replaceAll('forge-resume hook --record /old', command));
      }),
      { numRuns: 200 },
    );
  });

  it('something else where hooks belong is refused', () => {
    fc.assert(
      fc.property(laidOut(oddConfig), (text) => {
        expect(() => add(text)).toThrow(Refusal);
        expect(() => add(text)).toThrow(/^holds .* where an? (object|array) belongs$/);
      }),
    );
  });

  it.each(['', ' ', '{', '{"hooks": }', '{"a": 1} x', "{'a': 1}", '{"a" 1}', 'nonsense', '[', '[]]'])(
    'what does not parse is refused: %j',
    (text) => {
      expect(() => add(text)).toThrow('does not parse as JSON');
      expect(() => removeJsonHooks(text)).toThrow('does not parse as JSON');
    },
  );

  it('keeps a key that comes twice, __proto__, and numbers as they are written', () => {
    const text = '{\n  "__proto__": { "a": 1e999 },\n  "n": 1.0,\n  "n": 12345678901234567890\n}\n';
    const { text: after } = add(text);
    expect(after.startsWith(text.slice(0, text.lastIndexOf('\n}')))).toBe(true);
    expect(removeJsonHooks(after).text).toBe(text);
  });

  it('a hook that was written by hand counts, and stays', () => {
    const text = JSON.stringify({
      hooks: { Stop: [{ hooks: [{ type: 'command', command: 'X=1 forge-resume hook' }] }] },
    });
    const { text: after, events } = add(text);
    expect(events).toEqual(['SessionStart', 'UserPromptSubmit']);
    expect(said(removeJsonHooks(after).text)).toEqual(said(text));
  });

  it('our hook in a group of somebody else goes alone', () => {
    const foreign = { type: 'command', command: 'say done' };
    const text = JSON.stringify({
      hooks: { Stop: [{ matcher: '*', hooks: [{ type: 'command', command }, foreign] }] },
    });
    expect(said(removeJsonHooks(text).text)).toEqual({ hooks: { Stop: [{ matcher: '*', hooks: [foreign] }] } });
  });

  it.each(['\n', '\r\n'])('takes up indentation and line ends: %j', (eol) => {
    const text = ['{', '\t"a": [', '\t\t1', '\t]', '}', ''].join(eol);
    const { text: after } = add(text);
    expect(after.split(eol).filter((line) => /[\r\n]|^ /.test(line))).toEqual([]);
    expect(after).toContain(`${eol}\t"hooks": {${eol}\t\t"SessionStart": [{ "hooks": [{ `);
    expect(removeJsonHooks(after).text).toBe(text);
  });
});
