import { describe, expect, it } from 'vitest';
import type { ActorName } from '../../machines/contract.ts';
import { type ForgeSessionResumeMachine, forgeSessionResumeMachine } from '../../machines/forge-session-resume.ts';
import { type Outcome, outcomeEvents } from '../../src/graph/outcome-events.ts';
import { type ResumePath, resumePaths } from '../../src/graph/paths.ts';
import { makeRandom } from '../support/race/random.ts';
import { mutants } from '../testing/mutants.ts';
import { interpreterEngine, type Script, traceRun, xstateEngine } from './trace.ts';

type ActorOutcome = Exclude<Outcome, { kind: 'delay' }>;

const paths = resumePaths();
const all = outcomeEvents().flatMap(({ outcome }) => (outcome.kind === 'delay' ? [] : [outcome]));
const byActor = new Map<ActorName, ActorOutcome[]>();
for (const outcome of all) byActor.set(outcome.actor, [...(byActor.get(outcome.actor) ?? []), outcome]);

/** Actors do what a path says, in its order; behind its end, or off it, each does the first thing that it can. */
function along(path: ResumePath): Script {
  const steps = path.steps.map(({ outcome }) => outcome);
  return (actor) => {
    while (steps[0]?.kind === 'delay' && steps[0].delay === 'lockRetry') steps.shift();
    const next = steps.shift();
    if (next?.kind === 'delay') return 'pending';
    return next?.actor === actor ? next : firstOf(actor);
  };
}

const firstOf = (actor: ActorName): ActorOutcome | 'pending' => byActor.get(actor)?.[0] ?? 'pending';

/** Actors do anything they can, by chance; the ends of calls are less likely than what leads on. */
function byChance(seed: number): Script {
  const random = makeRandom(seed).next;
  return (actor) => {
    const choice = random();
    if (choice < 0.06) return 'pending';
    const list = byActor.get(actor) ?? [];
    return (choice < 0.5 ? list[0] : list[Math.floor(random() * list.length)]) ?? 'pending';
  };
}

async function expectSameTrace(
  machine: ForgeSessionResumeMachine,
  input: ResumePath['input'],
  makeScript: () => Script,
): Promise<readonly string[]> {
  const theirs = await traceRun(xstateEngine, machine, input, makeScript());
  const ours = await traceRun(interpreterEngine, machine, input, makeScript());
  expect(ours).toEqual(theirs);
  return ours;
}

describe('the interpreter does what XState does', () => {
  it('on every path of the chart', async () => {
    const lengths: number[] = [];
    for (const path of paths) {
      const trace = await expectSameTrace(forgeSessionResumeMachine, path.input, () => along(path));
      expect(trace.at(-1), path.description).toBe(`ends with ${JSON.stringify(path.output)}`);
      lengths.push(trace.length);
    }
    expect(lengths).toHaveLength(312);
    expect(Math.max(...lengths)).toBeGreaterThan(30);
  });

  it('on 3,000 runs in which actors do anything', async () => {
    const ends = new Set<string>();
    for (let seed = 1; seed <= 3_000; seed += 1) {
      const input = seed % 5 === 0 ? { payloadSessionId: '', payloadThreadId: '' } : paths[0]?.input;
      if (input === undefined) throw new Error('there are no paths');
      const trace = await expectSameTrace(forgeSessionResumeMachine, input, () => byChance(seed));
      ends.add(trace.at(-1) ?? '');
    }
    expect(ends.size).toBeGreaterThan(60);
  });

  it('on every mutant of the chart, along the paths that take what was changed and by chance', async () => {
    let runs = 0;
    for (const { machine, transition, state } of mutants()) {
      const near = paths.filter(({ steps, states }) =>
        transition === '' ? states.includes(state) : steps.some((step) => step.transition === transition),
      );
      for (const path of near.slice(0, 4)) {
        await expectSameTrace(machine, path.input, () => along(path));
        runs += 1;
      }
      for (let seed = 1; seed <= 4; seed += 1) {
        await expectSameTrace(machine, paths[0]?.input ?? { payloadSessionId: '', payloadThreadId: '' }, () =>
          byChance(seed),
        );
        runs += 1;
      }
    }
    expect(runs).toBeGreaterThan(156 * 5);
  });
});
