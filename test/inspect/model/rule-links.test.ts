import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../../src/inspect/model/rule-links.ts';
import type { StepRecord } from '../../../src/inspect/recording/format.ts';

const step = (fields: Partial<StepRecord>): StepRecord => ({
  kind: 'step',
  n: 1,
  t: 1,
  event: 'xstate.done.actor.look',
  actor: 'look',
  from: 'look',
  to: 'findPane',
  transition: null,
  guards: [],
  actions: [],
  changes: {},
  ...fields,
});

describe('the rules that a step keeps', () => {
  it('are those of the guard that held, else those of its actor', () => {
    expect(rulesOf(step({}))).toEqual(['rule-0-look']);
    expect(rulesOf(step({ guards: [{ name: 'identityMissing', passed: true }] }))).toEqual(['rule-5-no-identity']);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'are those of the lock where a name is none of ours: %s',
    (name) => {
      expect(rulesOf(step({ actor: name, guards: [{ name, passed: true }] }))).toEqual(['rule-1-lock']);
    },
  );
});
