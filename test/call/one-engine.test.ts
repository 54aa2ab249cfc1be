import { describe, expect, it, vi } from 'vitest';
import { Actor, type AnyMachineSnapshot, type InspectionEvent, SimulatedClock } from 'xstate';
import { runCall } from '../../src/call/run-call.ts';
import { type ResumePath, resumePaths } from '../../src/graph/paths.ts';
import { stateName } from '../../src/graph/state-name.ts';
import { callOfInput } from '../support/call-of-input.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { scriptedActors } from '../support/scripted-actors.ts';

/** What a call did: the actors that were started, and, where somebody watched, the states that were entered. */
interface Trace {
  readonly started: string[];
  readonly states: string[];
}

/** Runs a path through the code of a real call, with or without somebody who watches. */
async function trace(path: ResumePath, isWatched: boolean): Promise<Trace> {
  const clock = new SimulatedClock();
  const seen: Trace = { started: [], states: [] };
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' || event.actorRef.sessionId !== event.rootId) return;
    seen.states.push(stateName(event.snapshot as AnyMachineSnapshot));
  };
  const { options, parts } = callOfInput(path.input);
  const alter = () => scriptedActors(path, clock, seen.started);
  await runCall({ ...options, ...(isWatched ? { inspect } : {}) }, { ...parts, clock, alter }).catch(() => undefined);
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
