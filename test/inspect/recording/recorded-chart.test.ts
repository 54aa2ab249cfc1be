import { describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../../machines/forge-session-resume.ts';
import { readBoxes } from '../../../src/graph/layout/boxes.ts';
import { definitionOf } from '../../../src/graph/layout/definition.ts';
import { definitionOfChart } from '../../../src/inspect/model/chart-definition.ts';
import { chartLimits, isChart } from '../../../src/inspect/recording/judge-chart.ts';
import { readRecording } from '../../../src/inspect/recording/read-recording.ts';
import { statesJson } from '../../../src/inspect/recording/recorded-chart.ts';
import { pathText } from '../../support/inspect/path-text.ts';
import { headerLine } from '../../support/inspect/recordings.ts';
import { mutants } from '../../testing/mutants.ts';
import { problemsOf } from './validate.ts';

const machines = [{ id: 'the machine', machine: forgeSessionResumeMachine }, ...mutants()];
const withoutActions = (boxes: ReturnType<typeof readBoxes>) =>
  boxes.map(({ rows, ...box }) => ({ ...box, rows: rows.map(({ actions, ...row }) => row) }));

describe('the chart in a recording', () => {
  it(`is drawn as the machine that ran, for ${machines.length} machines`, () => {
    for (const { id, machine } of machines) {
      const states = JSON.parse(statesJson(machine));
      expect(isChart(states), id).toBe(true);
      expect(problemsOf({ kind: 'chart', n: 0, t: 0, states }), id).toEqual([]);
      expect(withoutActions(readBoxes(definitionOfChart(states))), id).toEqual(
        withoutActions(readBoxes(definitionOf(machine))),
      );
    }
  });

  it('is the second line of a call that ran the machine', async () => {
    const [, line = ''] = (await pathText({ to: 'resumed_same_codex_session' })).split('\n');
    expect(JSON.parse(line)).toEqual({
      kind: 'chart',
      n: 0,
      t: 0,
      states: JSON.parse(statesJson(forgeSessionResumeMachine)),
    });
    expect(line.length).toBeLessThan(12_000);
  });

  it.each<[string, unknown]>([
    ['no list', {}],
    ['an empty list', []],
    ['no state', [null]],
    ['a state without a name', [{}]],
    ['an empty part of a name', [{ name: 'a' }, { name: 'a.' }]],
    ['a state twice', [{ name: 'a' }, { name: 'a' }]],
    ['a state before what holds it', [{ name: 'a.b' }, { name: 'a' }]],
    ['a state in nothing', [{ name: 'a.b' }]],
    ['a way to nowhere', [{ name: 'a', transitions: [{ event: 'e', target: 'b' }] }]],
    ['a transition that is none', [{ name: 'a', transitions: ['x'] }]],
    ['a guard that is no text', [{ name: 'a', transitions: [{ event: 'e', guard: {} }] }]],
    ['actors that are no list', [{ name: 'a', invokes: 'x' }]],
    ['a type that nobody knows', [{ name: 'a', type: 'script' }]],
    ['a long name', [{ name: 'a'.repeat(chartLimits.name + 1) }]],
    ['too many states', Array.from({ length: chartLimits.states + 1 }, (_, index) => ({ name: `s${index}` }))],
    ['too many transitions', [{ name: 'a', transitions: Array(chartLimits.transitions + 1).fill({ event: 'e' }) }]],
  ])('is left out and noted where it has %s', (_what, states) => {
    const text = `${headerLine()}\n${JSON.stringify({ kind: 'chart', n: 0, t: 0, states })}\n`;
    const read = readRecording(text);
    expect(read).toMatchObject({ kind: 'recording', recording: { records: [] } });
    expect(read.kind === 'recording' && read.notes).toContain('line 2 is no record');
  });

  it('may call a state anything', () => {
    const states = ['__proto__', 'constructor', '<script>', '7'].map((name) => ({ name, type: 'final' as const }));
    expect(isChart(JSON.parse(JSON.stringify(states)))).toBe(true);
    expect(
      readBoxes(definitionOfChart(states))
        .map(({ id }) => id)
        .sort(),
    ).toEqual(states.map(({ name }) => name).sort());
  });
});
