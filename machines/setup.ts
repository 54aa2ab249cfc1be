/** The names that the statechart may use, as XState wants them: actors to be provided, guards, actions and delays. */
import { type AnyEventObject, assign, fromCallback, fromPromise, type PromiseActorLogic, setup } from 'xstate';
import { conditions, delays } from './conditions.ts';
import type { MachineContext, MachineScope } from './context.ts';
import type * as contract from './contract.ts';
import { updates } from './updates.ts';

type Logic<Name extends contract.ActorName> = PromiseActorLogic<contract.ActorOutput<Name>, contract.ActorInput<Name>>;

const placeholder = <Name extends contract.ActorName>(name: Name): Logic<Name> =>
  fromPromise(() => Promise.reject(new Error(`${name}: not provided`)));

const action = (update: (scope: MachineScope) => Partial<MachineContext>) =>
  assign<MachineContext, AnyEventObject, undefined, AnyEventObject, never>(update);

type Action = ReturnType<typeof action>;

const actions = Object.fromEntries(Object.entries(updates).map(([name, update]) => [name, action(update)])) as Record<
  keyof typeof updates,
  Action
>;

/** Every name of the statechart, with its types; the actors are placeholders until a store provides them. */
export const chart = setup({
  types: {
    context: {} as MachineContext,
    input: {} as contract.MachineInput,
    output: {} as contract.MachineOutput,
  },
  actors: {
    acquireLock: placeholder('acquireLock'),
    keepLock: fromCallback(() => {
      throw new Error('keepLock: not provided');
    }),
    afterLockAcquired: placeholder('afterLockAcquired'),
    recover: placeholder('recover'),
    readCurrent: placeholder('readCurrent'),
    findPane: placeholder('findPane'),
    updateOwner: placeholder('updateOwner'),
    scanCandidates: placeholder('scanCandidates'),
    retireCopies: placeholder('retireCopies'),
    prepare: placeholder('prepare'),
    writeTarget: placeholder('writeTarget'),
    afterTargetWrite: placeholder('afterTargetWrite'),
    writeSource: placeholder('writeSource'),
    replan: placeholder('replan'),
    commit: placeholder('commit'),
    rollback: placeholder('rollback'),
    release: placeholder('release'),
  },
  delays,
  guards: conditions,
  actions,
});
