import { describe, expect, it } from 'vitest';
import type { InspectionEvent } from 'xstate';
import type { ActorName, Actors } from '../../machines/contract.ts';
import { type ForgeSessionResumeRun, runForgeSessionResume } from '../../src/machine.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { thrownBy } from '../support/runs.ts';
import { type Database, openMemoryStore, type Row } from '../testing/example/memory-store.ts';

const run: Row = {
  active: true,
  phase: 'building',
  codexSession: 's1',
  rcsSession: 'old',
  pane: '',
  isAtWork: false,
  idleMs: 0,
  hasFiles: true,
  version: 1,
  by: 'world',
};
const input = { payloadSessionId: 's1', payloadThreadId: '' };
const done = () => ({ kind: 'done' }) as const;

/** Timers that tell what is still running, in no time. */
class CountingClock {
  readonly pending = new Set<NodeJS.Immediate>();
  setTimeout(action: () => void, ms: number): NodeJS.Immediate {
    // Only the pause between two attempts passes.
    const timer = setImmediate(() => ms < 1_000 && this.pending.delete(timer) && action());
    this.pending.add(timer);
    return timer;
  }
  clearTimeout(timer: NodeJS.Immediate): void {
    clearImmediate(timer);
    this.pending.delete(timer);
  }
}

/** A call on a database with one run to move, and what is left of it. */
function call(
  alter: (actors: Actors, db: Database) => Partial<Actors> = () => ({}),
  more: Partial<ForgeSessionResumeRun> = {},
) {
  const db: Database = {
    currentId: 'now',
    runs: new Map([['old', run]]),
    lockedBy: undefined,
    handedOver: undefined,
    journal: undefined,
  };
  const clock = new CountingClock();
  const left = { kept: 0 };
  const actors: Actors = {
    ...openMemoryStore(db, {}),
    findPane: () => ({ kind: 'none' }),
    afterLockAcquired: done,
    afterTargetWrite: done,
    afterCommit: done,
    keepLock: () => {
      left.kept += 1;
      return () => {
        left.kept -= 1;
      };
    },
  };
  const result = runForgeSessionResume({ actors: { ...actors, ...alter(actors, db) }, input, clock, ...more });
  const isUntouched = () => db.runs.get('old') === run && !db.runs.has('now');
  return { db, clock, left, result, isUntouched };
}

const resumed = { reason: reasons.resumed, resumed: true, sourcePath: 'runs/old', targetPath: 'runs/now' };
const order: readonly ActorName[] = [
  'look',
  'findPane',
  'acquireLock',
  'afterLockAcquired',
  'recover',
  'readCurrent',
  'scanCandidates',
  'prepare',
  'companions',
  'writeTarget',
  'afterTargetWrite',
  'writeSource',
  'commit',
  'afterCommit',
  'release',
];
const changing = (name: ActorName, change: (act: () => unknown) => unknown) => (actors: Actors) => ({
  [name]: (given: never, scope: never) => change(() => actors[name]?.(given, scope)),
});
const indexOf = (name: ActorName): number => order.indexOf(name);
const commitPoint = indexOf('writeSource');

describe('rule 7, with actors of anybody', () => {
  it('hands the run over and says so, paths in the words of the store', async () => {
    const { result, db, clock, left } = call();
    expect(await result).toEqual({ currentRcsSessionId: 'now', updatedCurrentOwner: false, ...resumed });
    expect(db.runs.get('old')).toMatchObject({ active: false });
    expect([clock.pending.size, left.kept, db.lockedBy]).toEqual([0, 0, undefined]);
  });

  it('waits for a lock by the clock that it is given', async () => {
    let tries = 0;
    const { result } = call((actors) => ({
      acquireLock: (given, scope) => {
        tries += 1;
        return tries < 4 ? { kind: 'busy' } : actors.acquireLock(given, scope);
      },
    }));
    expect(await result).toMatchObject(resumed);
    expect(tries).toBe(4);
  });
});

describe('rule 9: what an actor throws', () => {
  it.each(order)('%s: comes out as the same object, or changes no decision; nothing keeps running', async (name) => {
    for (const error of [new RangeError('mine'), 'text', undefined, Object.freeze({ code: 'IO' })]) {
      const { result, clock, left, isUntouched } = call(changing(name, () => Promise.reject(error)));
      const changesNothing = name === 'findPane' || indexOf(name) > commitPoint;
      if (changesNothing) expect(await result).toMatchObject(resumed);
      else expect(await thrownBy(result)).toBe(error);
      if (!changesNothing) expect(isUntouched()).toBe(true);
      expect([clock.pending.size, left.kept]).toEqual([0, 0]);
    }
  });

  it.each(['commit', 'afterCommit'] as const)('%s: behind the commit point it is a warning', async (name) => {
    const { result } = call(changing(name, () => Promise.reject(new Error('mine'))));
    expect(await result).toMatchObject({ ...resumed, warnings: [`${name} failed: mine`] });
  });

  it('keepLock: comes out as the same object, and nothing keeps running', async () => {
    const error = new Error('mine');
    const { result, clock } = call(() => ({
      keepLock: () => {
        throw error;
      },
    }));
    expect(await thrownBy(result)).toBe(error);
    expect(clock.pending.size).toBe(0);
  });
});

describe('rule 8: an abort', () => {
  it.each(order)(
    'while %s works: the reason as the same object and the run as it was, or a whole transfer',
    async (name) => {
      for (const reason of [new Error('enough'), 'enough']) {
        const caller = new AbortController();
        const abort = (act: () => unknown): unknown => {
          caller.abort(reason);
          return act();
        };
        const { result, db, clock, left, isUntouched } = call(changing(name, abort), { signal: caller.signal });
        if (indexOf(name) < commitPoint) {
          expect(await thrownBy(result)).toBe(reason);
          expect(isUntouched()).toBe(true);
        } else expect(await result).toMatchObject(resumed);
        expect([clock.pending.size, left.kept, db.lockedBy]).toEqual([0, 0, undefined]);
      }
    },
  );

  it('before the call: no actor runs', async () => {
    const reason = new Error('enough');
    const { result, clock } = call(() => ({ look: () => Promise.reject(new Error('ran')) }), {
      signal: AbortSignal.abort(reason),
    });
    expect(await thrownBy(result)).toBe(reason);
    expect(clock.pending.size).toBe(0);
  });

  it.each(['afterLockAcquired', 'afterTargetWrite'] as const)(
    'ends the wait for a hook that never ends: %s',
    async (name) => {
      const caller = new AbortController();
      const reason = new Error('enough');
      const hang = (): Promise<never> => {
        setImmediate(() => caller.abort(reason));
        return new Promise(() => undefined);
      };
      const { result, isUntouched } = call(changing(name, hang), { signal: caller.signal });
      expect(await thrownBy(result)).toBe(reason);
      expect(isUntouched()).toBe(true);
    },
  );
});

describe('an observer', () => {
  it('is a function or an object with next, and sees the same', async () => {
    const [one, other]: [string[], string[]] = [[], []];
    const note = (list: string[]) => (event: InspectionEvent) => list.push(event.type);
    await call(undefined, { inspect: (event) => void note(one)(event) }).result;
    await call(undefined, { inspect: { next: (event) => void note(other)(event) } }).result;
    expect(one.length).toBeGreaterThan(30);
    expect(other).toEqual(one);
    expect(await call(undefined, { inspect: {} }).result).toMatchObject(resumed);
  });

  it('that throws or rejects at any event changes nothing', async () => {
    const events: string[] = [];
    await call(undefined, { inspect: ({ type }) => void events.push(type) }).result;
    const rejected: unknown[] = [];
    const note = (reason: unknown): unknown => rejected.push(reason);
    process.on('unhandledRejection', note);
    for (let at = 0; at < events.length; at += 1) {
      let seen = 0;
      const fail = (): never => {
        throw new Error('the observer failed');
      };
      const throws = call(undefined, { inspect: () => void (seen++ === at && fail()) });
      expect(await throws.result).toMatchObject(resumed);
      expect(throws.clock.pending.size).toBe(0);
    }
    expect(await call(undefined, { inspect: async () => Promise.reject(new Error('no')) }).result).toMatchObject(
      resumed,
    );
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(rejected).toEqual([]);
  });
});
