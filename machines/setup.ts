/** The names that the statechart may use: actors to be provided, guards, actions and delays. */
import { type AnyEventObject, assign, fromCallback, fromPromise, type PromiseActorLogic, setup } from 'xstate';
import { protocol, type Reason, reasons } from '../src/rules/protocol.ts';
import type * as contract from './contract.ts';
import * as guards from './guards.ts';

/** What the machine remembers: ids, handles, flags. Small, JSON-safe, free of counters. */
export interface MachineContext extends contract.MachineInput {
  readonly current: contract.RunHandle | null;
  readonly source: contract.RunHandle | null;
  readonly target: contract.RunHandle | null;
  readonly transfer: contract.TransferHandle | null;
  readonly pane: string;
  readonly updatedOwner: boolean;
  readonly recovered: readonly contract.Recovery[];
  readonly reason: Reason | null;
  /** The lock was lost once and taken again; a second loss ends the call. */
  readonly regained: boolean;
  readonly failure: contract.Failure | null;
}

type Logic<Name extends contract.ActorName> = PromiseActorLogic<contract.ActorOutput<Name>, contract.ActorInput<Name>>;

const placeholder = <Name extends contract.ActorName>(name: Name): Logic<Name> =>
  fromPromise(() => Promise.reject(new Error(`${name}: not provided`)));

const outputOf = <Name extends contract.ActorName>(event: AnyEventObject): contract.ActorOutput<Name> =>
  event['output'] as contract.ActorOutput<Name>;

export const existing = <T>(value: T | null): T => {
  if (value === null) throw new Error('the machine has not come far enough');
  return value;
};

export const identity = ({ payloadSessionId, payloadThreadId }: MachineContext): contract.MachineInput => ({
  payloadSessionId,
  payloadThreadId,
});

const decide = (reason: Reason) => assign<MachineContext, AnyEventObject, undefined, AnyEventObject, never>({ reason });

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
  delays: {
    lockTimeout: protocol.limits.lockTimeoutMs,
    // Waiters that woke together would meet again: the pause varies.
    lockRetry: () => protocol.limits.lockRetryMs * (0.8 + 0.2 * Math.random()),
  },
  guards: {
    lockHeld: ({ event }) => guards.lockHeld(outputOf<'acquireLock'>(event)),
    storeMissing: ({ event }) => guards.storeMissing(outputOf<'acquireLock'>(event)),
    currentSessionMissing: ({ event }) => guards.currentSessionMissing(outputOf<'readCurrent'>(event)),
    currentRunActive: ({ event }) => guards.currentRunActive(outputOf<'readCurrent'>(event)),
    currentRunPresent: ({ event }) => guards.currentRunPresent(outputOf<'readCurrent'>(event)),
    currentRunUnreadable: ({ event }) => guards.currentRunUnreadable(outputOf<'readCurrent'>(event)),
    currentRunChanged: ({ event }) => guards.currentRunChanged(outputOf<'updateOwner'>(event)),
    identityMissing: ({ context }) => guards.identityMissing(context),
    copiesFound: ({ event }) => guards.copiesFound(outputOf<'scanCandidates'>(event)),
    noResumableCandidate: ({ event }) => guards.noResumableCandidate(outputOf<'scanCandidates'>(event)),
    severalResumableCandidates: ({ event }) => guards.severalResumableCandidates(outputOf<'scanCandidates'>(event)),
    targetTaken: ({ event }) => guards.targetTaken(outputOf<'writeTarget'>(event)),
    sourceChanged: ({ event }) => guards.sourceChanged(outputOf<'writeSource'>(event)),
    sourceIneligible: ({ event }) => guards.sourceIneligible(outputOf<'replan'>(event)),
    lockLost: ({ event }) => guards.lockLost(event['error']),
    lockRegainable: ({ context, event }) => !context.regained && guards.lockLost(event['error']),
    hasFailure: ({ context }) => context.failure !== null,
  },
  actions: {
    decideLockTimeout: decide(reasons.lockTimeout),
    decideSessionMissing: decide(reasons.sessionMissing),
    decideCurrentActive: decide(reasons.currentActive),
    decideCurrentPresent: decide(reasons.currentPresent),
    decideCurrentUnreadable: decide(reasons.currentUnreadable),
    decideIdentityMissing: decide(reasons.identityMissing),
    decideNoCandidate: decide(reasons.noCandidate),
    decideSeveralCandidates: decide(reasons.severalCandidates),
    decideResumed: decide(reasons.resumed),
    noteTarget: assign(({ context }) => ({ target: context.current })),
    noteCurrent: assign(({ event }) => {
      const output = outputOf<'readCurrent'>(event);
      return { current: output.kind === 'missing' ? null : output.current };
    }),
    noteRecovered: assign(({ context, event }) => ({
      recovered: [...context.recovered, ...outputOf<'recover' | 'retireCopies'>(event).recovered],
    })),
    notePane: assign(({ event }) => {
      const output = outputOf<'findPane'>(event);
      return { pane: output.kind === 'found' ? output.pane : '' };
    }),
    noteOwner: assign(({ event }) => ({ updatedOwner: outputOf<'updateOwner'>(event).kind === 'updated' })),
    chooseSource: assign(({ event }) => ({
      source: guards.resumable(outputOf<'scanCandidates' | 'retireCopies'>(event).candidates)[0]?.run ?? null,
    })),
    noteTransfer: assign(({ event }) => ({ transfer: outputOf<'prepare'>(event).transfer })),
    noteFailure: assign(({ event }) => ({
      failure: { actor: String(event['actorId']), code: guards.codeOf(event['error']) },
    })),
    noteRegained: assign({ regained: true, failure: null }),
  },
});
