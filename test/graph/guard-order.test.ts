import { describe, expect, it } from 'vitest';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { candidateGuards, currentGuards, decisions, namedGuards } from '../../machines/guards.ts';
import { readChart } from '../../src/graph/chart.ts';

const { transitions } = readChart(forgeSessionResumeMachine);

/** What the chart asks of an actor's answer, in its order; the last one asks nothing. */
const asked = (actor: string) =>
  transitions.filter(({ on }) => on.kind === 'done' && on.of === actor).filter(({ guard }) => guard !== '');

const decisionOf = (actions: readonly string[]): string | undefined => {
  const name = actions.find((action) => action.startsWith('decide'));
  const action = (forgeSessionResumeMachine.implementations.actions as Record<string, unknown>)[name ?? ''];
  const { assignment } = (action ?? {}) as { assignment?: { reason: string } };
  return assignment?.reason;
};

describe('rule 0: the look asks what the chart asks', () => {
  it.each([
    ['readCurrent', currentGuards],
    ['scanCandidates', candidateGuards],
    ['readNamed', namedGuards],
  ])('in the order of %s', (actor, guards) => {
    expect(asked(actor).map(({ guard }) => guard)).toEqual(Object.keys(guards));
  });

  it('and decides what the chart decides', () => {
    const deciding = [...asked('readCurrent'), ...asked('scanCandidates'), ...asked('readNamed')].filter(
      ({ actions }) => decisionOf(actions),
    );
    for (const { guard, actions } of deciding) {
      expect([guard, decisionOf(actions)]).toEqual([guard, decisions[guard as keyof typeof decisions]]);
    }
    // Only the active run and the copies lead to a further state.
    expect(deciding).toHaveLength(Object.keys(decisions).length - 1);
  });
});
