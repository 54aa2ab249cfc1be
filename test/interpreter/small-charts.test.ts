import { expect, it } from 'vitest';
import { createMachine } from 'xstate';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { outcomeEvents } from '../../src/graph/outcome-events.ts';
import { interpreterEngine, type Script, traceRun, xstateEngine } from './trace.ts';

const input = { payloadSessionId: 's1', payloadThreadId: '' };
const answers = outcomeEvents().flatMap(({ outcome }) => (outcome.kind === 'answer' ? [outcome] : []));
const answering: Script = (actor) => answers.find((outcome) => outcome.actor === actor) ?? 'pending';

const chartOf = (states: object, initial: string): ForgeSessionResumeMachine =>
  createMachine(
    {
      id: 'small',
      context: ({ input }: { input: unknown }) => ({ ...(input as object) }),
      initial,
      states,
      output: ({ context }: { context: unknown }) => context,
    } as never,
    forgeSessionResumeMachine.implementations as never,
  ) as never;

const actor = (src: string, ways: object = {}): object => ({ invoke: { id: src, src, input: null, ...ways } });

async function bothTraces(machine: ForgeSessionResumeMachine, script: Script): Promise<[string[], string[]]> {
  return [
    await traceRun(interpreterEngine, machine, input, script),
    await traceRun(xstateEngine, machine, input, script),
  ];
}

it('a way into a state’s own inside leaves what is inside, not the state', async () => {
  const machine = chartOf(
    {
      outer: {
        initial: 'first',
        after: { lockRetry: '#second', lockTimeout: '#end' },
        states: {
          first: actor('recover'),
          middle: { initial: 'second', states: { second: { id: 'second', ...actor('release') } } },
        },
      },
      end: { id: 'end', type: 'final' },
    },
    'outer',
  );
  const [ours, theirs] = await bothTraces(machine, () => 'pending');
  expect(ours).toEqual(theirs);
  // Left and entered again, the outer state would start its delays anew.
  expect(ours.filter((entry) => entry === 'delay of 5000 starts')).toHaveLength(1);
  expect(ours.at(-1)).toContain('ends with');
});

it('a way into the same inner state, taken while it is active, enters it anew', async () => {
  const machine = chartOf(
    {
      outer: {
        initial: 'first',
        after: { lockRetry: '#first', lockTimeout: '#end' },
        states: { first: { id: 'first', ...actor('recover') } },
      },
      end: { id: 'end', type: 'final' },
    },
    'outer',
  );
  const [ours, theirs] = await bothTraces(machine, () => 'pending');
  expect(ours).toEqual(theirs);
  expect(ours.filter((entry) => entry.startsWith('recover starts'))).toHaveLength(2);
});

it('a way to the state around leaves it and enters it anew', async () => {
  const machine = chartOf(
    {
      outer: {
        id: 'outer',
        initial: 'first',
        after: { lockTimeout: 'end' },
        states: { first: { after: { lockRetry: 'second' } }, second: actor('recover', { onDone: '#outer' }) },
      },
      end: { type: 'final' },
    },
    'outer',
  );
  const [ours, theirs] = await bothTraces(machine, answering);
  expect(ours).toEqual(theirs);
  expect(ours.filter((entry) => entry === 'delay of 5000 starts').length).toBeGreaterThan(2);
});

it('a way to the same state stays in it', async () => {
  const again = { target: 'first', actions: 'noteRegained' };
  const machine = chartOf(
    { first: { ...actor('recover', { onDone: again }), after: { lockRetry: 'end' } }, end: { type: 'final' } },
    'first',
  );
  const [ours, theirs] = await bothTraces(machine, answering);
  expect(ours).toEqual(theirs);
  expect(ours.filter((entry) => entry.startsWith('recover starts'))).toHaveLength(1);
  expect(ours.at(-1)).toContain('"regained":true');
});

it('a delay that runs out while its state is being left is not heard', async () => {
  const machine = chartOf(
    {
      first: { after: { lockRetry: 'second', lockTimeout: 'wrong' } },
      second: actor('recover', { onDone: 'end' }),
      wrong: { type: 'final' },
      end: { type: 'final', entry: 'noteRegained' },
    },
    'first',
  );
  const actions: (() => void)[] = [];
  // A clock that lets everything run out at once and cannot stop anything.
  const clock = { setTimeout: (action: () => void) => actions.push(action), clearTimeout: () => undefined };
  const actors = { recover: () => answering('recover') };
  const ended = interpreterEngine(machine, actors as never, input, clock);
  for (const action of actions.splice(0)) action();
  expect(await ended).toMatchObject({ regained: true });
});

it('an actor that fails where nothing hears of it ends the run with its error', async () => {
  const machine = chartOf({ first: actor('prepare', { onDone: 'end' }), end: { type: 'final' } }, 'first');
  const [ours, theirs] = await bothTraces(machine, () => ({ kind: 'failure', actor: 'prepare', code: 'IO' }));
  expect(ours).toEqual(theirs);
  expect(ours.at(-1)).toBe('throws {"code":"IO"}');
});

it('a target that is not there ends the run', async () => {
  const config = { ...chartOf({ first: actor('recover', { onDone: 'end' }), end: { type: 'final' } }, 'first').config };
  const broken = { config: { ...config, states: { first: actor('recover', { onDone: 'nowhere' }) } } };
  const trace = await traceRun(interpreterEngine, broken as never, input, answering);
  expect(trace.at(-1)).toBe('throws first: there is no state nowhere');
});

it('a name that is not there ends the run', async () => {
  const machine = chartOf(
    { first: actor('recover', { onDone: { target: 'end', guard: 'nobody' } }), end: { type: 'final' } },
    'first',
  );
  const trace = await traceRun(interpreterEngine, machine, input, answering);
  expect(trace.at(-1)).toBe('throws the chart names nobody, which is not there');
});
