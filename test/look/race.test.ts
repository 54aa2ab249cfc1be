import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reasons } from '../../src/rules/protocol.ts';
import type { LoggedCall } from '../support/race/call-log.ts';
import { Crew } from '../support/race/crew.ts';
import { chosenSeed } from '../support/race/random.ts';
import { misfits } from './fits-an-order.ts';
import { raceLooks } from './race.ts';

describe('looks beside eight processes that write', () => {
  let crew: Crew;
  beforeAll(async () => {
    crew = await Crew.open();
  });
  afterAll(() => crew.close());

  it.each([false, true])(
    'rule 0: every answer fits some order of the calls; kills: %s',
    { timeout: 120_000 },
    async (kills) => {
      const { faults, answers } = await raceLooks(crew, { rounds: 15, seed: chosenSeed(), kills });
      expect(faults).toEqual([]);
      for (const reason of ['current_forge_active', 'current_forge_present', 'resumed_same_codex_session']) {
        expect(answers).toHaveProperty(`s1 ${reason}`);
      }
      expect(answers).toHaveProperty('s2 no_matching_prior_forge');
    },
  );
});

describe('the judge of such a race', () => {
  const call = (id: number, current: string, from: number, to: number, answer: string): LoggedCall => ({
    id: String(id),
    current,
    session: 's1',
    from: BigInt(from),
    to: BigInt(to),
    answer,
  });
  const judge = (...calls: LoggedCall[]) => misfits(calls, { session: 's1', first: 'first' }, () => false);

  it('is silent where some order gives these answers', () => {
    const overlapping = [call(1, 'a', 0, 9, reasons.resumed), call(2, 'a', 5, 8, reasons.currentActive)];
    const moved = [call(3, 'b', 10, 19, reasons.resumed), call(4, 'a', 20, 21, reasons.currentPresent)];
    expect(judge(...overlapping, ...moved, call(5, 'first', 0, 1, reasons.currentActive))).toEqual([]);
  });

  it('sees an answer that no order gives', () => {
    expect(judge(call(1, 'a', 0, 1, reasons.noCandidate))).toHaveLength(1);
    expect(judge(call(1, 'a', 0, 1, reasons.currentActive))).toHaveLength(1);
    expect(judge(call(1, 'a', 0, 1, reasons.sessionMissing))).toHaveLength(1);
    const brought = call(1, 'a', 0, 1, reasons.resumed);
    expect(judge(brought, call(2, 'a', 2, 3, reasons.resumed))).toHaveLength(1);
    const ended = call(2, 'a', 2, 3, reasons.currentPresent);
    expect(judge(brought, ended, call(3, 'a', 4, 5, reasons.currentActive))).toHaveLength(1);
  });
});
