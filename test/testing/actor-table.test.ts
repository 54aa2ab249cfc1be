import { describe, expect, it } from 'vitest';
import { answerKinds } from '../../machines/answer-kinds.ts';
import type { ActorName } from '../../machines/contract.ts';
import { forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { errorCodes } from '../../src/errors.ts';
import { outcomes } from '../../src/graph/alphabet/outcomes.ts';
import { readChart } from '../../src/graph/chart.ts';
import { actorDuties, namedIn } from './actor-table.ts';

const names = Object.keys(outcomes) as ActorName[];

describe('what the actors owe, as their docstrings say it', () => {
  it('is said of every actor of the machine, and of no other', () => {
    const actors = Object.keys(forgeSessionResumeMachine.implementations.actors);
    expect([...actorDuties.keys()].sort()).toEqual(actors.sort());
  });

  it.each(names)('%s: answers and errors are those that the machine knows', (name) => {
    const { Answers: answers = '', 'May throw': errors = '' } = actorDuties.get(name) ?? {};
    const kinds: readonly string[] = Object.keys(answerKinds[name]);
    expect(
      namedIn(answers)
        .filter((word) => kinds.includes(word))
        .sort(),
    ).toEqual([...kinds].sort());
    const codes: readonly string[] = outcomes[name].errors;
    const listed = namedIn(errors.split(';')[0] ?? '').filter((word) =>
      (errorCodes as readonly string[]).includes(word),
    );
    expect(/any (other )?error/.test(errors) ? [...listed, 'UNKNOWN'] : listed).toEqual([...codes]);
  });

  it('an error that leads to a rollback, or changes nothing, does so in the chart', () => {
    const { transitions } = readChart(forgeSessionResumeMachine);
    for (const [name, { 'May throw': errors }] of actorDuties) {
      const targets = transitions.filter(({ on }) => on.kind === 'error' && on.of === name);
      const rollsBack = targets.some(({ to }) => to === 'locked.rollback');
      expect(errors.includes('`rollback`'), name).toBe(rollsBack);
      const failing = targets.some(({ actions }) => actions.includes('noteFailure'));
      expect(/changes nothing|a warning|counts as/.test(errors), name).toBe(targets.length > 0 && !failing);
    }
  });
});
