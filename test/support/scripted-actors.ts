import type { SimulatedClock } from 'xstate';
import type { ActorName, Actors } from '../../machines/contract.ts';
import { outcomes } from '../../src/graph/alphabet/outcomes.ts';
import type { ResumePath } from '../../src/graph/paths.ts';
import { protocol } from '../../src/rules/protocol.ts';

const { lockTimeoutMs, lockRetryMs } = protocol.limits;

/**
 * Actors that answer as a path says, and the clock that moves as it says.
 *
 * @param path - the path
 * @param clock - the clock of the call
 * @param started - gets the names of the actors that were started
 */
export function scriptedActors({ steps }: ResumePath, clock: SimulatedClock, started: string[] = []): Actors {
  let at = 0;
  const isTimeout = (index: number): boolean => {
    const outcome = steps[index]?.outcome;
    return outcome?.kind === 'delay' && outcome.delay === 'lockTimeout';
  };
  let deadline = lockTimeoutMs;
  const play = async (name: ActorName): Promise<never> => {
    started.push(name);
    const step = steps[at];
    at += 1;
    if (step === undefined) throw new Error(`${name} is not on the path`);
    if (!step.from.startsWith('acquireLock') && !step.from.startsWith('regainLock'))
      deadline = clock.now() + lockTimeoutMs;
    if (step.outcome.kind === 'delay') {
      setImmediate(() => clock.set(deadline));
      return new Promise(() => undefined);
    }
    const pause = steps[at];
    if (pause?.outcome.kind === 'delay' && pause.from.endsWith('.wait')) {
      // So late that the next pause would last longer than the machine's patience.
      if (isTimeout(at)) clock.set(deadline - 5);
      at += 1;
      const until = isTimeout(at - 1) ? deadline : clock.now() + lockRetryMs;
      setImmediate(() => clock.set(until));
    }
    if (step.outcome.kind === 'answer') return step.outcome.output as never;
    const { code } = step.outcome;
    throw Object.assign(new Error('a fault of the test'), code === 'UNKNOWN' ? {} : { code });
  };
  const names = Object.keys(outcomes) as ActorName[];
  const bodies = Object.fromEntries(names.map((name) => [name, () => play(name)]));
  return { ...bodies, keepLock: () => () => undefined } as unknown as Actors;
}
