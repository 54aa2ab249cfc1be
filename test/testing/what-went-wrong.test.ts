import { describe, expect, it } from 'vitest';
import type { Actors } from '../../machines/contract.ts';
import { resumePaths, runPath, storeConformance, type World } from '../../src/testing/index.ts';
import { thrownBy } from '../support/runs.ts';
import { createMemoryWorld } from './example/memory-world.ts';

const [resumed] = resumePaths({ to: 'resumed_same_codex_session', through: 'findPane' });
if (resumed === undefined) throw new Error('no path resumes');

/** The example's world, with actors that are wrong. */
function worldWith(alter: (actors: Actors) => Actors): World {
  const world = createMemoryWorld();
  const call: World['call'] = (clock) => {
    const started = world.call(clock);
    return { ...started, actors: alter(started.actors) };
  };
  return { ...world, call };
}
const wrong = (alter: (actors: Actors) => Actors): Promise<unknown> => thrownBy(runPath(resumed, worldWith(alter)));

describe('a store that is not ready yet is told what is wrong', () => {
  it('an error of an actor is the cause, and named', async () => {
    const broken = new RangeError('no such column');
    const thrown = await wrong((actors) => ({ ...actors, scanCandidates: () => Promise.reject(broken) }));
    expect(thrown).toMatchObject({ name: 'PathMismatch', cause: broken });
    expect(String(thrown)).toContain('the actor scanCandidates threw: no such column');
  });

  it('an error on which a hand-over after a crash fails is the cause, and named', async () => {
    const broken = new RangeError('no such column');
    const create = (): World => worldWith((actors) => ({ ...actors, prepare: () => Promise.reject(broken) }));
    const dies = [...storeConformance(create)].find(({ name }) => name === 'dies after readCurrent');
    const thrown = await thrownBy(dies?.run() ?? Promise.resolve());
    expect(thrown).toMatchObject({ cause: broken });
    expect(String(thrown)).toContain('the actor prepare threw: no such column');
  });

  it.each([
    [
      'a kind that there is not',
      { kind: 'locked' },
      'the actor acquireLock answered kind "locked"; it may answer with held, busy,',
    ],
    ['the name of a method', { kind: 'toString' }, 'answered kind "toString"'],
    ['nothing', undefined, 'the actor acquireLock answered undefined, without a kind; it may answer with held,'],
    ['a boolean', true, 'answered true, without a kind'],
    ['a row', { id: 7 }, 'answered {"id":7}, without a kind'],
  ])('an answer that is no answer, %s, is named', async (_what, answer, says) => {
    const thrown = await wrong((actors) => ({ ...actors, acquireLock: () => answer as never }));
    expect(String(thrown)).toContain(says);
  });

  it('a world whose runs are not there when calls die is told so', async () => {
    const create = (): World => ({ ...createMemoryWorld(), arrange: () => () => undefined });
    const dies = [...storeConformance(create)].find(({ name }) => name === 'dies after readCurrent');
    expect(String(await thrownBy(dies?.run() ?? Promise.resolve()))).toContain(
      '`arrange` must put the candidates there',
    );
  });

  it('paths of what a store never does are left out, and a misspelt name is refused', () => {
    const all = [...storeConformance(createMemoryWorld)];
    const without = [...storeConformance(createMemoryWorld, { never: ['prepare: prepared with companions'] })];
    const named = all.filter(({ name }) => name.includes('prepared with companions'));
    expect(named.length).toBeGreaterThan(50);
    expect(without.map(({ name }) => name)).toEqual(all.filter((one) => !named.includes(one)).map(({ name }) => name));
    expect(() => [...storeConformance(createMemoryWorld, { never: ['prepare: companions'] })]).toThrow(
      'no path has an outcome of the name "prepare: companions"',
    );
  });

  it('an actor that is missing is named', async () => {
    const thrown = await wrong((actors) => ({ ...actors, prepare: undefined as never }));
    expect(String(thrown)).toContain('the actor prepare is missing');
  });

  it('an actor that does not answer is named, before a test runner gives up', async () => {
    const before = performance.now();
    let kept = 0;
    const keepLock = () => {
      kept += 1;
      return () => {
        kept -= 1;
      };
    };
    const thrown = await wrong((actors) => ({ ...actors, keepLock, readCurrent: () => new Promise(() => undefined) }));
    expect(String(thrown)).toContain('it did not go on: readCurrent has not answered');
    // And nothing of the run is left running.
    expect(kept).toBe(0);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
