import { describe, expect, it } from 'vitest';
import {
  formatForgeState,
  isForgeState,
  isLive,
  isSameRun,
  isTerminalPhase,
  iterationOf,
  judgeCurrentRun,
  phaseOf,
} from '../../src/rules/forge-state.ts';

describe('judgeCurrentRun (rules 3 and 4)', () => {
  it.each([
    ['{"active":true}', 'active'],
    ['{"active":true,"current_phase":"complete"}', 'active'],
    ['{"active":"true"}', 'present'],
    ['{"active":1}', 'present'],
    ['{"active":false}', 'present'],
    ['{}', 'present'],
    ['[]', 'present'],
    ['[{"active":true}]', 'present'],
    ['"x"', 'present'],
    ['true', 'present'],
    ['1', 'present'],
    ['-1', 'present'],
    ['null', 'unreadable'],
    ['false', 'unreadable'],
    ['0', 'unreadable'],
    ['-0', 'unreadable'],
    ['""', 'unreadable'],
  ])('rules 3 and 4: %s is %s', (text, verdict) => {
    expect(judgeCurrentRun(JSON.parse(text))).toBe(verdict);
  });
});

describe('phases (files: terminal after trim and lower-casing)', () => {
  it.each(['blocked_on_user', 'complete', 'failed', 'cancelled', ' Complete\n', 'FAILED', '\tBlocked_On_User'])(
    'files: %j is terminal',
    (phase) => {
      expect(isTerminalPhase(phase)).toBe(true);
      expect(isTerminalPhase(phaseOf({ current_phase: phase }))).toBe(true);
      expect(isLive({ active: true, current_phase: phase })).toBe(false);
    },
  );

  it.each(['', ' ', 'building', 'completed', 'canceled', 'blocked on user', 'complete.'])(
    'files: %j is not terminal',
    (phase) => {
      expect(isTerminalPhase(phase)).toBe(false);
      expect(isLive({ active: true, current_phase: phase })).toBe(true);
    },
  );

  it('files: a phase of another type reads as its text', () => {
    expect(phaseOf({ current_phase: ['Complete'] })).toBe('complete');
    expect(phaseOf({ current_phase: null })).toBe('');
    expect(phaseOf({})).toBe('');
    expect(phaseOf({ current_phase: 7 })).toBe('7');
  });

  it.each([[{}], [{ active: false }], [{ active: 'true' }], [{ active: 1 }]])('rule 6: %j is not live', (state) => {
    expect(isLive(state)).toBe(false);
  });
});

describe('a run', () => {
  it.each([null, [], 'x', 1, true, undefined])('rule 6: %j is no run', (value) => {
    expect(isForgeState(value)).toBe(false);
  });

  it('protocol, promise 2: only a finite number is an iteration', () => {
    expect(iterationOf({ iteration: 5 })).toBe(5);
    expect(iterationOf({ iteration: 0 })).toBe(0);
    for (const iteration of ['5', null, undefined, Number.NaN, JSON.parse('1e999'), [5]]) {
      expect(iterationOf({ iteration })).toBeUndefined();
    }
  });

  it('protocol, recover: the same started_at is the same run', () => {
    expect(isSameRun({ started_at: 'a' }, { started_at: 'a', iteration: 2 })).toBe(true);
    expect(isSameRun({ started_at: 'a' }, { started_at: 'b' })).toBe(false);
    expect(isSameRun({ started_at: 'a' }, {})).toBe(false);
  });

  it('files: is written as 2-space JSON without a final newline, every field in its order', () => {
    const text = '{\n  "z": 1,\n  "__proto__": {\n    "a": []\n  },\n  "constructor": null,\n  "a": "\\u0007é"\n}';
    expect(formatForgeState(JSON.parse(text))).toBe(text);
  });
});
