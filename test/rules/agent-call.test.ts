import { describe, expect, it } from 'vitest';
import { agentCallOptions } from '../../src/rules/agent-call.ts';

describe('rule 4: coming home', () => {
  it.each(['SessionStart', 'UserPromptSubmit'])(
    'rule 4: %s, after which the user goes on here, asks for it',
    (event) => {
      expect(agentCallOptions('hook', event).comeHome).toBe(true);
    },
  );

  it('rule 4: the end of a turn in a session that was left does not pull the run back', () => {
    expect(agentCallOptions('hook', 'Stop').comeHome).toBe(false);
  });

  it.each(['agent-turn-complete', '', 'SessionStart', 'UserPromptSubmit'])(
    'rule 4: a notification never asks for it, whatever its type (%j)',
    (event) => {
      expect(agentCallOptions('notify', event).comeHome).toBe(false);
    },
  );
});

it('rule 7: companions go along, both ways in, at every event', () => {
  for (const way of ['hook', 'notify'] as const) {
    for (const event of ['SessionStart', 'UserPromptSubmit', 'Stop', 'turn-complete', '']) {
      expect(agentCallOptions(way, event).companions).toBe('carry');
    }
  }
});
