import { describe, expect, it } from 'vitest';
import type { AnyMachineSnapshot, InspectionEvent } from 'xstate';
import type { Actors, HookName } from '../../machines/contract.ts';
import { givenHooks, hookNames } from '../../machines/guards.ts';
import type { ReconcileHooks } from '../../src/call/options.ts';
import { stateName } from '../../src/graph/state-name.ts';
import type { RecordingRecord } from '../../src/inspect/recording/format.ts';
import { runForgeSessionResume } from '../../src/machine.ts';
import { reasons } from '../../src/rules/protocol.ts';
import { liveRun } from '../support/runs.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';
import { openMemoryStore } from '../testing/example/memory-store.ts';

const states: Readonly<Record<HookName, string>> = {
  afterLockAcquired: 'locked.afterLockAcquired',
  afterTargetWrite: 'locked.transfer.afterTargetWrite',
  afterCommit: 'locked.transfer.afterCommit',
};

/** Notes the states of hooks that a machine enters. */
function watch(): { readonly entered: string[]; readonly inspect: (event: InspectionEvent) => void } {
  const entered: string[] = [];
  const inspect = (event: InspectionEvent): void => {
    if (event.type !== '@xstate.snapshot' || event.actorRef.sessionId !== event.rootId) return;
    const name = stateName(event.snapshot as AnyMachineSnapshot);
    if (Object.values(states).includes(name)) entered.push(name);
  };
  return { entered, inspect };
}

function resumable(): Sandbox {
  const sandbox = makeSandbox();
  sandbox.putSessions('now');
  sandbox.putRun('old', liveRun());
  return sandbox;
}

/** Every set of hooks, none and all included. */
const sets: readonly (readonly HookName[])[] = Array.from({ length: 8 }, (_, bits) =>
  hookNames.filter((_name, index) => (bits >> index) % 2 === 1),
);

describe('rule 7: the state of a hook is entered where the hook is given, and nowhere else', () => {
  it.each(sets.map((given) => [given.join(' and ') || 'none', given] as const))('%s', async (_title, given) => {
    const called: string[] = [];
    const hooks: ReconcileHooks = Object.fromEntries(given.map((name) => [name, () => called.push(name)]));
    const { entered, inspect } = watch();
    const result = await resumable().call({ session: 's1', hooks, inspect });
    expect(result).toMatchObject({ reason: reasons.resumed });
    expect(entered).toEqual(given.map((name) => states[name]));
    expect(called).toEqual(given);
  });

  it('a hook that is there but undefined is none', async () => {
    const { entered, inspect } = watch();
    const hooks = { afterLockAcquired: undefined, afterTargetWrite: undefined, afterCommit: undefined };
    expect(await resumable().call({ session: 's1', hooks, inspect })).toMatchObject({ reason: reasons.resumed });
    expect(entered).toEqual([]);
  });

  it('a recording says which were given, whether the machine ran or a look was enough', async () => {
    const records: RecordingRecord[] = [];
    const record = (one: RecordingRecord): unknown => records.push(one);
    const sandbox = resumable();
    await sandbox.call({ session: 's1', hooks: { afterTargetWrite: () => undefined }, record });
    await sandbox.call({ session: 's1', hooks: { afterCommit: () => undefined }, record });
    const inputs = records.flatMap((one) => (one.kind === 'header' ? [one.input.hooks] : []));
    expect(inputs).toEqual([['afterTargetWrite'], ['afterCommit']]);
  });
});

describe('rule 7, with actors of anybody', () => {
  const run = async (hooks: Partial<Actors>, named?: readonly HookName[]): Promise<readonly string[]> => {
    const row = { active: true, phase: 'building', codexSession: 's1', rcsSession: 'old', pane: '' } as const;
    const old = { ...row, isAtWork: false, idleMs: 0, hasFiles: false, version: 1, by: 'world' } as const;
    const db = { currentId: 'now', runs: new Map([['old', old]]), lockedBy: undefined };
    const { entered, inspect } = watch();
    const store = openMemoryStore({ ...db, handedOver: undefined, journal: undefined }, {});
    const result = await runForgeSessionResume({
      actors: { ...store, findPane: () => ({ kind: 'none' }), ...hooks },
      input: { payloadSessionId: 's1', payloadThreadId: '', ...(named === undefined ? {} : { hooks: named }) },
      inspect,
    });
    expect(result).toMatchObject({ reason: reasons.resumed });
    return entered;
  };
  const done = () => ({ kind: 'done' }) as const;
  const all = { afterLockAcquired: done, afterTargetWrite: done, afterCommit: done };

  it('the hooks that have actors are those that are given', async () => {
    expect(await run({})).toEqual([]);
    expect(await run({ afterCommit: done, afterTargetWrite: undefined })).toEqual([states.afterCommit]);
    expect(await run(all)).toEqual(Object.values(states));
  });

  it('unless the input names them', async () => {
    expect(await run(all, [])).toEqual([]);
    expect(await run(all, ['afterTargetWrite'])).toEqual([states.afterTargetWrite]);
    expect(givenHooks(all)).toEqual(hookNames);
  });
});
