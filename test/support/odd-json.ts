/** Configurations in JSON as people and programs leave them: hooks of others, odd shapes, comments, any layout. */
import fc from 'fast-check';

const events = ['SessionStart', 'UserPromptSubmit', 'Stop', 'PreToolUse', 'Setup'] as const;
const anyJson = fc.jsonValue({ maxDepth: 2 });

const handler = fc.oneof(
  fc.record(
    {
      type: fc.constantFrom('command', 'prompt'),
      command: fc.constantFrom('say done', 'FOO=1 other hook', 'echo "}],"', 'node x.js // no comment'),
      timeout: fc.nat(600),
    },
    { requiredKeys: ['type'] },
  ),
  anyJson,
);

const group = fc.oneof(
  fc.record(
    { matcher: fc.constantFrom('*', 'startup|resume'), hooks: fc.array(handler, { maxLength: 3 }) },
    { requiredKeys: [] },
  ),
  anyJson,
);

/** An object of hooks whose lists are lists, whatever stands in them. */
const soundHooks = fc.dictionary(fc.constantFrom(...events), fc.array(group, { maxLength: 3 }), {
  noNullPrototype: true,
});

/** A configuration that can be edited. */
export const soundConfig = fc
  .tuple(
    fc.dictionary(fc.string(), anyJson, { noNullPrototype: true }),
    fc.option(soundHooks, { nil: undefined }),
    fc.boolean(),
  )
  .map(([others, hooks, isFirst]) => {
    delete others['hooks'];
    if (hooks === undefined) return others;
    return isFirst ? { hooks, ...others } : { ...others, hooks };
  });

/** One with something else where hooks belong. */
export const oddConfig = fc.oneof(
  fc.constantFrom<unknown>(null, [], 7, 'text', true),
  fc.constantFrom<unknown>(null, [], 7, 'text', true).map((hooks) => ({ hooks })),
  fc
    .tuple(
      fc.constantFrom('SessionStart', 'UserPromptSubmit', 'Stop'),
      fc.constantFrom<unknown>(null, {}, 7, 'text', true),
    )
    .map(([event, list]) => ({ hooks: { [event]: list } })),
);

/** How a value is laid out: each gap between two tokens is one of these. */
const gaps = [
  '',
  ' ',
  '\n',
  '\n    ',
  '\t',
  ' // a, "b" ]\n',
  '/* } , */',
  '\n  // hooks: [\n  ',
  ' /* x\n y */ ',
] as const;

/** A text that says a value, with comments, trailing commas and any layout. */
export const laidOut = (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> =>
  fc
    .tuple(value, fc.array(fc.constantFrom(...gaps), { minLength: 1, maxLength: 12 }), fc.boolean(), fc.boolean())
    .map(([config, choice, hasTrailing, isPlain]) => {
      let turn = 0;
      const gap = (): string => (isPlain ? '' : (choice[turn++ % choice.length] ?? ''));
      const list = (open: string, items: string[], close: string): string => {
        const trailing = hasTrailing && !isPlain && items.length > 0 ? `,${gap()}` : '';
        return `${open}${gap()}${items.join(`,${gap()}`)}${trailing}${close}`;
      };
      const write = (part: unknown): string => {
        if (Array.isArray(part))
          return list(
            '[',
            part.map((item) => write(item) + gap()),
            ']',
          );
        if (typeof part !== 'object' || part === null) return JSON.stringify(part);
        const entries = Object.entries(part).map(
          ([key, item]) => `${JSON.stringify(key)}${gap()}:${gap()}${write(item)}${gap()}`,
        );
        return list('{', entries, '}');
      };
      return isPlain ? JSON.stringify(config, null, turn + choice.length) : gap() + write(config) + gap();
    });

/** The comments in a text, strings left aside. */
export const commentsIn = (text: string): string[] =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\//g)]
    .map(([part]) => part)
    .filter((part) => part.startsWith('/'));
