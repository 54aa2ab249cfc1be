/**
 * The hand-over of a live forge run as a statechart: every way a call can go, and nothing else.
 *
 * What holds whatever happens (protocol.md; `test/support/invariants.ts` checks it after every test):
 * 1. One owner: a call, killed or not, followed by one call, leaves one live run of an identity where there was one.
 * 2. Nothing lost: no field goes but those the rules name; a file that cannot be parsed is never replaced.
 * 3. Nothing torn: a file that we write is old or new at every instant.
 * 4. One at a time: the states below `locked` are entered by one call of a host at a time.
 * 5. Never in the way: no call waits longer than `lockTimeout` plus one retry.
 * 6. No litter: after `release` there is no temp file, journal or lock folder of ours.
 */
import type { AnyEventObject, EventObject, MetaObject, StateMachine } from 'xstate';
import { reasons } from '../src/rules/protocol.ts';
import { existing, identity, type MachineContext } from './context.ts';
import type { MachineInput, MachineOutput } from './contract.ts';
import { chart } from './setup.ts';

export type { MachineContext } from './context.ts';
export type * from './contract.ts';

/** The machine's type, spelled out so that declarations name nothing that is private to XState. */
export type ForgeSessionResumeMachine = StateMachine<
  MachineContext,
  AnyEventObject,
  // biome-ignore-start lint/suspicious/noExplicitAny: `provide` is typed by `Actors`; these have no portable name
  any,
  any,
  any,
  any,
  any,
  any,
  // biome-ignore-end lint/suspicious/noExplicitAny: as above
  string,
  MachineInput,
  MachineOutput,
  EventObject,
  MetaObject,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  any
>;

/** The statechart of one call; `reconcile.ts` provides its actors. */
export const forgeSessionResumeMachine: ForgeSessionResumeMachine = chart.createMachine({
  id: 'forgeSessionResume',
  context: ({ input }) => ({
    payloadSessionId: input.payloadSessionId,
    payloadThreadId: input.payloadThreadId,
    current: null,
    source: null,
    target: null,
    transfer: null,
    pane: '',
    updatedOwner: false,
    recovered: [],
    reason: null,
    regained: false,
    failure: null,
  }),
  initial: 'acquireLock',
  states: {
    acquireLock: {
      initial: 'attempt',
      after: { lockTimeout: 'timedOut' },
      states: {
        attempt: {
          invoke: {
            id: 'acquireLock',
            src: 'acquireLock',
            input: { again: false },
            onDone: [
              { guard: 'lockHeld', target: '#locked' },
              { guard: 'storeMissing', target: '#done', actions: 'decideSessionMissing' },
              { target: 'wait' },
            ],
            onError: { target: '#failed', actions: 'noteFailure' },
          },
        },
        wait: { after: { lockRetry: 'attempt' } },
      },
    },
    regainLock: {
      id: 'regainLock',
      initial: 'attempt',
      after: { lockTimeout: 'failed' },
      states: {
        attempt: {
          invoke: {
            id: 'acquireLock',
            src: 'acquireLock',
            input: { again: true },
            onDone: [
              { guard: 'lockHeld', target: '#recover', actions: 'noteRegained' },
              { guard: 'storeMissing', target: '#failed' },
              { target: 'wait' },
            ],
            onError: { target: '#failed' },
          },
        },
        wait: { after: { lockRetry: 'attempt' } },
      },
    },
    locked: {
      id: 'locked',
      invoke: { id: 'keepLock', src: 'keepLock' },
      initial: 'afterLockAcquired',
      states: {
        afterLockAcquired: {
          invoke: {
            id: 'afterLockAcquired',
            src: 'afterLockAcquired',
            input: null,
            onDone: 'recover',
            onError: { target: '#release', actions: 'noteFailure' },
          },
        },
        recover: {
          id: 'recover',
          invoke: {
            id: 'recover',
            src: 'recover',
            input: null,
            onDone: { target: 'readCurrent', actions: 'noteRecovered' },
            onError: [
              { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
              { target: '#release', actions: 'noteFailure' },
            ],
          },
        },
        readCurrent: {
          id: 'readCurrent',
          invoke: {
            id: 'readCurrent',
            src: 'readCurrent',
            input: ({ context }) => identity(context),
            onDone: [
              { guard: 'currentSessionMissing', target: '#release', actions: 'decideSessionMissing' },
              { guard: 'currentRunActive', target: 'refresh', actions: ['noteCurrent', 'noteTarget'] },
              {
                guard: 'currentRunPresent',
                target: '#release',
                actions: ['noteCurrent', 'noteTarget', 'decideCurrentPresent'],
              },
              {
                guard: 'currentRunUnreadable',
                target: '#release',
                actions: ['noteCurrent', 'noteTarget', 'decideCurrentUnreadable'],
              },
              { guard: 'identityMissing', target: '#release', actions: ['noteCurrent', 'decideIdentityMissing'] },
              { target: 'scanCandidates', actions: 'noteCurrent' },
            ],
            onError: { target: '#release', actions: 'noteFailure' },
          },
        },
        refresh: {
          initial: 'findPane',
          states: {
            findPane: {
              invoke: {
                id: 'findPane',
                src: 'findPane',
                input: null,
                onDone: { target: 'updateOwner', actions: 'notePane' },
                onError: 'updateOwner',
              },
            },
            updateOwner: {
              invoke: {
                id: 'updateOwner',
                src: 'updateOwner',
                input: ({ context }) => ({
                  ...identity(context),
                  current: existing(context.current),
                  pane: context.pane,
                }),
                onDone: [
                  { guard: 'currentRunChanged', target: '#readCurrent' },
                  { target: '#release', actions: ['noteOwner', 'decideCurrentActive'] },
                ],
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { target: '#release', actions: 'noteFailure' },
                ],
              },
            },
          },
        },
        scanCandidates: {
          invoke: {
            id: 'scanCandidates',
            src: 'scanCandidates',
            input: ({ context }) => ({ ...identity(context), current: existing(context.current) }),
            onDone: [
              { guard: 'copiesFound', target: 'retireCopies' },
              { guard: 'noResumableCandidate', target: '#release', actions: 'decideNoCandidate' },
              { guard: 'severalResumableCandidates', target: '#release', actions: 'decideSeveralCandidates' },
              { target: 'transfer', actions: 'chooseSource' },
            ],
            onError: { target: '#release', actions: 'noteFailure' },
          },
        },
        retireCopies: {
          invoke: {
            id: 'retireCopies',
            src: 'retireCopies',
            input: ({ context }) => ({ ...identity(context), current: existing(context.current) }),
            onDone: [
              { guard: 'noResumableCandidate', target: '#release', actions: ['noteRecovered', 'decideNoCandidate'] },
              {
                guard: 'severalResumableCandidates',
                target: '#release',
                actions: ['noteRecovered', 'decideSeveralCandidates'],
              },
              { target: 'transfer', actions: ['noteRecovered', 'chooseSource'] },
            ],
            onError: [
              { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
              { target: '#release', actions: 'noteFailure' },
            ],
          },
        },
        transfer: {
          initial: 'findPane',
          states: {
            findPane: {
              invoke: {
                id: 'findPane',
                src: 'findPane',
                input: null,
                onDone: { target: 'prepare', actions: 'notePane' },
                onError: 'prepare',
              },
            },
            prepare: {
              invoke: {
                id: 'prepare',
                src: 'prepare',
                input: ({ context }) => ({
                  ...identity(context),
                  current: existing(context.current),
                  source: existing(context.source),
                  pane: context.pane,
                }),
                onDone: { target: 'writeTarget', actions: 'noteTransfer' },
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { target: '#release', actions: 'noteFailure' },
                ],
              },
            },
            writeTarget: {
              invoke: {
                id: 'writeTarget',
                src: 'writeTarget',
                input: ({ context }) => ({ transfer: existing(context.transfer) }),
                onDone: [{ guard: 'targetTaken', target: '#readCurrent' }, { target: 'afterTargetWrite' }],
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { guard: 'lockLost', target: '#release', actions: 'noteFailure' },
                  { target: '#rollback', actions: 'noteFailure' },
                ],
              },
            },
            afterTargetWrite: {
              invoke: {
                id: 'afterTargetWrite',
                src: 'afterTargetWrite',
                input: null,
                onDone: 'writeSource',
                onError: { target: '#rollback', actions: 'noteFailure' },
              },
            },
            writeSource: {
              invoke: {
                id: 'writeSource',
                src: 'writeSource',
                input: ({ context }) => ({ transfer: existing(context.transfer) }),
                onDone: [
                  { guard: 'sourceChanged', target: 'replan' },
                  { target: 'commit', actions: ['noteTarget', 'decideResumed'] },
                ],
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { guard: 'lockLost', target: '#release', actions: 'noteFailure' },
                  { target: '#rollback', actions: 'noteFailure' },
                ],
              },
            },
            replan: {
              invoke: {
                id: 'replan',
                src: 'replan',
                input: ({ context }) => ({
                  ...identity(context),
                  transfer: existing(context.transfer),
                  pane: context.pane,
                }),
                onDone: [
                  { guard: 'sourceIneligible', target: '#rollback', actions: 'decideNoCandidate' },
                  { target: 'writeSource', actions: 'noteTransfer' },
                ],
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { guard: 'lockLost', target: '#release', actions: 'noteFailure' },
                  { target: '#rollback', actions: 'noteFailure' },
                ],
              },
            },
            commit: {
              invoke: {
                id: 'commit',
                src: 'commit',
                input: ({ context }) => ({ transfer: existing(context.transfer) }),
                onDone: '#release',
                onError: '#release',
              },
            },
          },
        },
        rollback: {
          id: 'rollback',
          invoke: {
            id: 'rollback',
            src: 'rollback',
            input: ({ context }) => ({ transfer: existing(context.transfer) }),
            onDone: '#release',
            onError: '#release',
          },
        },
      },
    },
    release: {
      id: 'release',
      invoke: {
        id: 'release',
        src: 'release',
        input: null,
        onDone: [{ guard: 'hasFailure', target: 'failed' }, { target: 'done' }],
        onError: [{ guard: 'hasFailure', target: 'failed' }, { target: 'done' }],
      },
    },
    done: { id: 'done', type: 'final' },
    failed: { id: 'failed', type: 'final' },
    timedOut: { type: 'final', entry: 'decideLockTimeout' },
  },
  output: ({ context }) => ({
    reason: context.reason,
    currentId: context.current?.id ?? '',
    updatedOwner: context.updatedOwner,
    source: context.reason === reasons.resumed ? context.source : null,
    target: context.target,
    recovered: context.recovered,
    failure: context.failure,
  }),
});
