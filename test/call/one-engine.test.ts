import { describe, expect, it, vi } from 'vitest';
import { Actor, type AnyMachineSnapshot, type InspectionEvent, SimulatedClock } from 'xstate';
import type { ActorName, Actors } from '../../machines/contract.ts';
import { runCall } from '../../src/call/run-call.ts';
import { outcomes } from '../../src/graph/outcomes.ts';
import { type ResumePath, resumePaths } from '../../src/graph/paths.ts';
import { stateName } from '../../src/graph/walk.ts';
import { protocol } from '../../src/rules/protocol.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';

const { lockTimeoutMs, lockRetryMs } = protocol.limits;

/** What a call did: the actors that were started, and, where somebody watched, the states that were entered. */
interface Trace {
  readonly started: string[];
  readonly states: string[];
}

/** Actors that answer as a path says, and the clock that moves as it says. */
function script({ steps }: ResumePath, clock: SimulatedClock, started: string[]): Actors {
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

/** Runs a path through the code of a real call, with or without somebody who watches. */
async function trace(path: ResumePath, isWatched: boolean): Promise<Trace> {
  const clock = new SimulatedClock();
  const seen: Trace = { started: [], states: [] };
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' || event.actorRef.sessionId !== event.rootId) return;
    seen.states.push(stateName(event.snapshot as AnyMachineSnapshot));
  };
  const options = { stateDir: '/nowhere', env: {}, ...path.input, ...(isWatched ? { inspect } : {}) };
  await runCall(options, { clock, alter: () => script(path, clock, seen.started) }).catch(() => undefined);
  return seen;
}

describe('one engine', () => {
  it('watched and plain calls take the same states on every generated path', async () => {
    const paths = resumePaths();
    for (const path of paths) {
      const [watched, plain] = [await trace(path, true), await trace(path, false)];
      expect(watched.states, path.description).toEqual(path.states);
      expect(plain.started, path.description).toEqual(watched.started);
      expect(plain.states).toEqual([]);
    }
    console.log(`one engine: ${paths.length} paths, watched and plain`);
  }, 120_000);

  it('an unwatched transfer is run by XState, one actor for each state, and a no-op without it', async () => {
    const start = vi.spyOn(Actor.prototype, 'start');
    const actors = async (session: string): Promise<number> => {
      const sandbox = makeSandbox();
      sandbox.putSessions('now');
      sandbox.putRun(session, liveRun({ owner_rcs_session_id: session }));
      start.mockClear();
      await sandbox.call({ session: 's1' });
      return new Set(start.mock.contexts).size;
    };
    // The machine itself, keepLock, and the actors of a plain transfer.
    const plain = resumePaths({ to: 'resumed_same_codex_session', through: 'findPane' })[0];
    expect(await actors('old')).toBe(2 + (plain?.steps.length ?? 0));
    expect(await actors('now')).toBe(0);
    start.mockRestore();
  });
});
