import { describe, expect, it } from 'vitest';
import { conditions, delays } from '../../machines/conditions.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { updates } from '../../machines/updates.ts';
import { readNodes, type Way } from '../../src/interpreter/chart-nodes.ts';

/** What the interpreter knows, by the kind of place in a configuration; anything else it would pass over in silence. */
const known: Readonly<Record<string, readonly string[]>> = {
  // XState adds the schemas.
  root: ['id', 'context', 'initial', 'states', 'output', 'schemas'],
  state: ['id', 'type', 'initial', 'entry', 'after', 'invoke', 'states'],
  invoke: ['id', 'src', 'input', 'onDone', 'onError'],
  way: ['target', 'guard', 'actions'],
};

type Part = Readonly<Record<string, unknown>>;

const listed = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function* strangers(part: Part, kind: string, at: string): Generator<string> {
  for (const key of Object.keys(part)) if (!known[kind]?.includes(key)) yield `${at}: ${key}`;
  if (kind === 'way') {
    if (!(`${part['guard'] ?? 'hasFailure'}` in conditions)) yield `${at}: guard ${String(part['guard'])}`;
    for (const action of listed(part['actions']))
      if (!(`${String(action)}` in updates)) yield `${at}: ${String(action)}`;
    if (typeof part['target'] !== 'string') yield `${at}: no target`;
    return;
  }
  if (part['type'] !== undefined && part['type'] !== 'final') yield `${at}: type ${String(part['type'])}`;
  for (const [name, inner] of Object.entries((part['states'] ?? {}) as Part))
    yield* strangers(inner as Part, 'state', `${at}.${name}`);
  for (const [name, ways] of Object.entries((part['after'] ?? {}) as Part)) {
    if (!(name in delays)) yield `${at}: delay ${name}`;
    yield* strangeWays(ways, `${at} after ${name}`);
  }
  const invokes = kind === 'invoke' ? [] : listed(part['invoke']);
  if (invokes.length > 1) yield `${at}: several actors`;
  for (const invoke of invokes) yield* strangers(invoke as Part, 'invoke', `${at} invoke`);
  if (kind === 'invoke') for (const name of ['onDone', 'onError']) yield* strangeWays(part[name], `${at} ${name}`);
}

function* strangeWays(ways: unknown, at: string): Generator<string> {
  for (const way of listed(ways)) if (typeof way !== 'string') yield* strangers(way as Part, 'way', at);
}

const config = forgeSessionResumeMachine.config as unknown as Part;

describe('the configuration of the chart', () => {
  it('holds nothing that the interpreter does not know', () => {
    expect([...strangers(config, 'root', 'root')]).toEqual([]);
  });

  it.each([
    ['a state of another type', { states: { wait: { type: 'parallel' } } }],
    ['an eventless transition', { states: { wait: { always: 'done' } } }],
    ['an exit action', { states: { wait: { exit: 'noteTarget' } } }],
    ['a guard in place', { states: { wait: { after: { lockRetry: { target: 'done', guard: () => true } } } } }],
    ['two actors', { states: { wait: { invoke: [{ src: 'recover' }, { src: 'release' }] } } }],
    [
      'a transition that stays',
      { states: { wait: { invoke: { src: 'recover', onDone: { actions: 'noteTarget' } } } } },
    ],
  ])('would be seen to hold %s', (_name, strange) => {
    expect([...strangers(strange, 'root', 'root')]).toHaveLength(1);
  });

  const allWays = (chart: Part): Way[] =>
    readNodes(chart as never).flatMap(({ onDone, onError, after }) => [
      ...onDone(),
      ...onError(),
      ...after.flatMap(({ ways }) => ways()),
    ]);

  it('names no state that is not there', () => {
    expect(allWays(config).length).toBeGreaterThan(60);
    const broken = { ...config, states: { here: { after: { lockRetry: 'nowhere' } } } };
    expect(() => allWays(broken)).toThrow('here: there is no state nowhere');
  });
});
