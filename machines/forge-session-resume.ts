/**
 * The hand-over of a live forge run as a statechart: every way a call can go, and nothing else.
 *
 * What holds whatever happens (src/store/file/README.md#promises; `test/support/invariants.ts` checks it after every
 * test):
 * 1. One owner: a call, killed or not, followed by one call, leaves one live run of an identity where there was one.
 * 2. Nothing lost, nothing mixed: no field goes but those the rules name; what a run holds is one turn's content; a file
 *    that cannot be parsed is never replaced.
 * 3. Nothing torn: a file that we write is old or new at every instant.
 * 4. One at a time: the states below `locked` are entered by one call of a host at a time.
 * 5. Never in the way: no call waits longer than `lockTimeout` plus one retry; one with nothing to write ends in `look`.
 * 6. No litter: after `release` there is no temp file, journal or lock folder of ours.
 * 7. Constant cost: what `look` answers costs the same after many hand-overs and beside large runs.
 * 8. Inside: nothing outside the state directory is created, written or removed, and nothing is removed recursively.
 */
import { assign, setup } from 'xstate';
import { commandReasons, protocol, type Reason, reasons } from '../src/rules/protocol.ts';
import { castActor, castKeepLock } from './cast.ts';
import { existing, identity, initialContext, type MachineContext, type MachineScope, outputOf } from './context.ts';
import type { MachineInput, MachineOutput } from './contract.ts';
import { decidedAsLooked, notedLook, outputOfContext } from './endings.ts';
import * as guards from './guards.ts';
import { hearable } from './hear-guards.ts';

const decide = (reason: Reason) => ({ reason });
const judgeCurrent =
  (name: keyof typeof guards.currentGuards) =>
  ({ context, event }: MachineScope): boolean =>
    guards.currentGuards[name](outputOf<'readCurrent'>(event), context);
const judgeNamed =
  (name: keyof typeof guards.namedGuards) =>
  ({ context, event }: MachineScope): boolean =>
    guards.namedGuards[name](outputOf<'readNamed'>(event), context);
const judgeCandidates =
  (name: keyof typeof guards.candidateGuards) =>
  ({ context, event }: MachineScope): boolean =>
    guards.candidateGuards[name](outputOf<'scanCandidates'>(event), context);

/** Every name of the statechart, with its types. */
const chart = setup({
  types: {
    context: {} as MachineContext,
    input: {} as MachineInput,
    output: {} as MachineOutput,
  },
  // Of the run that asks (cast.ts): a store's, the pane look-up, the caller's hooks.
  actors: {
    look: castActor('look'),
    findPane: castActor('findPane'),
    acquireLock: castActor('acquireLock'),
    keepLock: castKeepLock(),
    afterLockAcquired: castActor('afterLockAcquired'),
    recover: castActor('recover'),
    readCurrent: castActor('readCurrent'),
    readNamed: castActor('readNamed'),
    endNamed: castActor('endNamed'),
    updateOwner: castActor('updateOwner'),
    scanCandidates: castActor('scanCandidates'),
    retireCopies: castActor('retireCopies'),
    endStale: castActor('endStale'),
    prepare: castActor('prepare'),
    companions: castActor('companions'),
    writeTarget: castActor('writeTarget'),
    afterTargetWrite: castActor('afterTargetWrite'),
    writeSource: castActor('writeSource'),
    replan: castActor('replan'),
    commit: castActor('commit'),
    afterCommit: castActor('afterCommit'),
    rollback: castActor('rollback'),
    release: castActor('release'),
  },
  delays: {
    lockTimeout: protocol.limits.lockTimeoutMs,
    // Waiters that woke together would meet again: the pause varies.
    lockRetry: () => protocol.limits.lockRetryMs * (0.8 + 0.2 * Math.random()),
  },
  guards: hearable({
    nothingToWrite: ({ event }) => guards.nothingToWrite(outputOf<'look'>(event)),
    paneKnown: ({ event }) => guards.paneKnown(outputOf<'look'>(event)),
    answerStands: ({ context }) => guards.answerStands(context.answer),
    lockHeldForHook: ({ context, event }) =>
      guards.lockHeld(outputOf<'acquireLock'>(event)) && guards.hookGiven(context, 'afterLockAcquired'),
    lockHeld: ({ event }) => guards.lockHeld(outputOf<'acquireLock'>(event)),
    lockWatched: ({ event }) => guards.lockWatched(outputOf<'acquireLock'>(event)),
    storeMissing: ({ event }) => guards.storeMissing(outputOf<'acquireLock'>(event)),
    nothingToUndo: judgeCurrent('nothingToUndo'),
    currentSessionMissing: judgeCurrent('currentSessionMissing'),
    currentRunInTheWay: judgeCurrent('currentRunInTheWay'),
    currentRunForeign: judgeCurrent('currentRunForeign'),
    currentRunActive: judgeCurrent('currentRunActive'),
    currentRunPresent: judgeCurrent('currentRunPresent'),
    currentRunUnreadable: judgeCurrent('currentRunUnreadable'),
    runNamed: judgeCurrent('runNamed'),
    identityMissing: judgeCurrent('identityMissing'),
    planMoved: judgeNamed('planMoved'),
    namedRunMissing: judgeNamed('namedRunMissing'),
    namedRunLive: judgeNamed('namedRunLive'),
    endWanted: ({ context }) => guards.endWanted(context),
    namedRunChanged: ({ event }) => guards.namedRunChanged(outputOf<'endNamed'>(event)),
    currentRunChanged: ({ event }) => guards.currentRunChanged(outputOf<'updateOwner'>(event)),
    copiesFound: judgeCandidates('copiesFound'),
    staleFound: judgeCandidates('staleFound'),
    noResumableCandidate: judgeCandidates('noResumableCandidate'),
    severalResumableCandidates: judgeCandidates('severalResumableCandidates'),
    candidateOwnerLive: judgeCandidates('candidateOwnerLive'),
    targetTaken: ({ event }) => guards.targetTaken(outputOf<'writeTarget'>(event)),
    targetHookGiven: ({ context }) => guards.hookGiven(context, 'afterTargetWrite'),
    commitHookGiven: ({ context }) => guards.hookGiven(context, 'afterCommit'),
    companionsPlanned: ({ event }) => guards.companionsPlanned(outputOf<'prepare'>(event) as { companions?: boolean }),
    sourceChanged: ({ event }) => guards.sourceChanged(outputOf<'prepare' | 'writeSource'>(event)),
    sourceIneligible: ({ event }) => guards.sourceIneligible(outputOf<'replan'>(event)),
    lockLost: ({ event }: MachineScope) => guards.lockLost(event['error']),
    lockRegainable: ({ context, event }: MachineScope) => !context.regained && guards.lockLost(event['error']),
    hasFailure: ({ context }) => context.failure !== null,
  }),
  actions: {
    decideLockTimeout: assign(decide(reasons.lockTimeout)),
    decideSessionMissing: assign(decide(guards.decisions.currentSessionMissing)),
    decideCurrentActive: assign(decide(guards.decisions.currentRunActive)),
    decideCurrentForeign: assign(decide(guards.decisions.currentRunForeign)),
    decideCurrentPresent: assign(decide(guards.decisions.currentRunPresent)),
    decideCurrentUnreadable: assign(decide(guards.decisions.currentRunUnreadable)),
    decideIdentityMissing: assign(decide(guards.decisions.identityMissing)),
    decidePlanMoved: assign(decide(guards.decisions.planMoved)),
    decideOwnerLive: assign(decide(guards.decisions.namedRunLive)),
    decideEnded: assign(decide(commandReasons.ended)),
    decideNoCandidate: assign(decide(guards.decisions.noResumableCandidate)),
    decideSeveralCandidates: assign(decide(guards.decisions.severalResumableCandidates)),
    decideTransfer: assign(({ context }) => ({ reason: guards.reasonOfTransfer(context) })),
    decideAsLooked: assign(({ context }) => decidedAsLooked(existing(context.answer))),
    noteLook: assign(({ event }) => notedLook(outputOf<'look'>(event))),
    notePane: assign(({ event }) => {
      const output = outputOf<'findPane'>(event);
      return { pane: output.kind === 'found' ? output.pane : '' };
    }),
    noteTarget: assign(({ context }) => ({ target: context.current })),
    noteCurrent: assign(({ event }) => {
      const output = outputOf<'readCurrent'>(event);
      return { current: output.kind === 'missing' ? null : output.current };
    }),
    noteRecovered: assign(({ context, event }) => ({
      recovered: [...context.recovered, ...outputOf<'recover' | 'retireCopies'>(event).recovered],
    })),
    noteOwner: assign(({ event }) => ({ updatedOwner: outputOf<'updateOwner'>(event).kind === 'updated' })),
    chooseNamed: assign(({ event }) => {
      const output = outputOf<'readNamed'>(event);
      if (output.kind !== 'named') return {};
      const { candidate, liveness } = output;
      return { source: candidate.run, owner: { session: candidate.run.id, ...liveness } };
    }),
    noteEnded: assign(({ context, event }) => {
      const output = outputOf<'endNamed' | 'endStale'>(event);
      return output.kind === 'ended' ? { ended: [...context.ended, ...[output.ended].flat()] } : {};
    }),
    chooseSource: assign(({ context, event }) => {
      const { candidates } = outputOf<'scanCandidates' | 'retireCopies' | 'endStale'>(event);
      const [chosen] = guards.resumable(candidates, context);
      if (chosen === undefined) return { source: null };
      const { run, owner } = chosen;
      return { source: run, owner: owner === undefined ? null : { session: run.id, ...owner } };
    }),
    noteTransfer: assign(({ event }) => {
      const output = outputOf<'prepare' | 'replan'>(event);
      return { transfer: 'transfer' in output ? output.transfer : null };
    }),
    noteFailure: assign(({ event }: MachineScope) => ({
      failure: { actor: String(event['actorId']), code: guards.codeOf(event['error']) },
    })),
    noteRegained: assign({ regained: true, failure: null }),
  },
});

/** The statechart of one call; `src/call/` provides its actors. */
export const forgeSessionResumeMachine = chart.createMachine({
  id: 'forgeSessionResume',
  context: ({ input }) => initialContext(input),
  initial: 'look',
  states: {
    look: {
      invoke: {
        id: 'look',
        src: 'look',
        input: ({ context }) => identity(context),
        onDone: [
          { guard: 'nothingToWrite', target: 'done', actions: ['noteLook', 'decideAsLooked'] },
          { guard: 'paneKnown', target: 'acquireLock', actions: 'noteLook' },
          { target: 'findPane', actions: 'noteLook' },
        ],
        onError: { target: 'failed', actions: 'noteFailure' },
      },
    },
    findPane: {
      invoke: {
        id: 'findPane',
        src: 'findPane',
        input: null,
        onDone: { target: 'acquireLock', actions: 'notePane' },
        onError: 'acquireLock',
      },
    },
    acquireLock: {
      initial: 'attempt',
      after: { lockTimeout: 'timedOut' },
      states: {
        attempt: {
          invoke: {
            id: 'acquireLock',
            src: 'acquireLock',
            input: ({ context }) => ({ again: false, brief: guards.answerStands(context.answer) }),
            onDone: [
              { guard: 'lockHeldForHook', target: '#afterLockAcquired' },
              { guard: 'lockHeld', target: '#locked' },
              { guard: 'storeMissing', target: '#done', actions: 'decideSessionMissing' },
              { guard: 'lockWatched', target: 'wait' },
              { guard: 'answerStands', target: '#done', actions: 'decideAsLooked' },
              { target: 'wait' },
            ],
            onError: [
              { guard: 'answerStands', target: '#done', actions: 'decideAsLooked' },
              { target: '#failed', actions: 'noteFailure' },
            ],
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
            input: { again: true, brief: false },
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
      initial: 'recover',
      states: {
        afterLockAcquired: {
          id: 'afterLockAcquired',
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
            input: ({ context }) => identity(context),
            onDone: [
              { guard: 'endWanted', target: 'readNamed', actions: 'noteRecovered' },
              { target: 'readCurrent', actions: 'noteRecovered' },
            ],
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
              { guard: 'nothingToUndo', target: '#release', actions: 'decideNoCandidate' },
              { guard: 'currentSessionMissing', target: '#release', actions: 'decideSessionMissing' },
              {
                guard: 'currentRunInTheWay',
                target: '#release',
                actions: ['noteCurrent', 'noteTarget', 'decideCurrentActive'],
              },
              {
                guard: 'currentRunForeign',
                target: '#release',
                actions: ['noteCurrent', 'noteTarget', 'decideCurrentForeign'],
              },
              { guard: 'currentRunActive', target: 'updateOwner', actions: ['noteCurrent', 'noteTarget'] },
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
              { guard: 'runNamed', target: 'readNamed', actions: 'noteCurrent' },
              { guard: 'identityMissing', target: '#release', actions: ['noteCurrent', 'decideIdentityMissing'] },
              { target: 'scanCandidates', actions: 'noteCurrent' },
            ],
            onError: { target: '#release', actions: 'noteFailure' },
          },
        },
        readNamed: {
          invoke: {
            id: 'readNamed',
            src: 'readNamed',
            input: ({ context }) => ({ ...identity(context), current: context.current }),
            onDone: [
              { guard: 'planMoved', target: '#release', actions: 'decidePlanMoved' },
              { guard: 'namedRunMissing', target: '#release', actions: 'decideNoCandidate' },
              { guard: 'namedRunLive', target: '#release', actions: ['chooseNamed', 'decideOwnerLive'] },
              { guard: 'endWanted', target: 'endNamed', actions: 'chooseNamed' },
              { target: 'transfer', actions: 'chooseNamed' },
            ],
            onError: { target: '#release', actions: 'noteFailure' },
          },
        },
        endNamed: {
          invoke: {
            id: 'endNamed',
            src: 'endNamed',
            input: ({ context }) => ({ ...identity(context), run: existing(context.source) }),
            onDone: [
              { guard: 'namedRunChanged', target: 'readNamed' },
              { target: '#release', actions: ['noteEnded', 'decideEnded'] },
            ],
            onError: [
              { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
              { target: '#release', actions: 'noteFailure' },
            ],
          },
        },
        updateOwner: {
          invoke: {
            id: 'updateOwner',
            src: 'updateOwner',
            input: ({ context }) => ({
              ...identity(context),
              current: existing(context.current),
              pane: context.pane ?? '',
            }),
            onDone: [
              { guard: 'currentRunChanged', target: 'readCurrent' },
              { target: '#release', actions: ['noteOwner', 'decideCurrentActive'] },
            ],
            onError: [
              { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
              { target: '#release', actions: 'noteFailure' },
            ],
          },
        },
        scanCandidates: {
          invoke: {
            id: 'scanCandidates',
            src: 'scanCandidates',
            input: ({ context }) => ({ ...identity(context), current: existing(context.current) }),
            onDone: [
              { guard: 'copiesFound', target: 'retireCopies' },
              { guard: 'staleFound', target: 'endStale' },
              { guard: 'noResumableCandidate', target: '#release', actions: 'decideNoCandidate' },
              { guard: 'severalResumableCandidates', target: '#release', actions: 'decideSeveralCandidates' },
              { guard: 'candidateOwnerLive', target: '#release', actions: ['chooseSource', 'decideOwnerLive'] },
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
              { guard: 'staleFound', target: 'endStale', actions: 'noteRecovered' },
              { guard: 'noResumableCandidate', target: '#release', actions: ['noteRecovered', 'decideNoCandidate'] },
              {
                guard: 'severalResumableCandidates',
                target: '#release',
                actions: ['noteRecovered', 'decideSeveralCandidates'],
              },
              {
                guard: 'candidateOwnerLive',
                target: '#release',
                actions: ['noteRecovered', 'chooseSource', 'decideOwnerLive'],
              },
              { target: 'transfer', actions: ['noteRecovered', 'chooseSource'] },
            ],
            onError: [
              { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
              { target: '#release', actions: 'noteFailure' },
            ],
          },
        },
        endStale: {
          invoke: {
            id: 'endStale',
            src: 'endStale',
            input: ({ context }) => ({ ...identity(context), current: existing(context.current) }),
            onDone: [
              { guard: 'noResumableCandidate', target: '#release', actions: ['noteEnded', 'decideNoCandidate'] },
              {
                guard: 'severalResumableCandidates',
                target: '#release',
                actions: ['noteEnded', 'decideSeveralCandidates'],
              },
              {
                guard: 'candidateOwnerLive',
                target: '#release',
                actions: ['noteEnded', 'chooseSource', 'decideOwnerLive'],
              },
              { target: 'transfer', actions: ['noteEnded', 'chooseSource'] },
            ],
            onError: [
              { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
              { target: '#release', actions: 'noteFailure' },
            ],
          },
        },
        transfer: {
          initial: 'prepare',
          states: {
            prepare: {
              invoke: {
                id: 'prepare',
                src: 'prepare',
                input: ({ context }) => ({
                  ...identity(context),
                  current: existing(context.current),
                  source: existing(context.source),
                  pane: context.pane ?? '',
                }),
                onDone: [
                  { guard: 'sourceChanged', target: '#readCurrent' },
                  { guard: 'companionsPlanned', target: 'companions', actions: 'noteTransfer' },
                  { target: 'writeTarget', actions: 'noteTransfer' },
                ],
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { target: '#release', actions: 'noteFailure' },
                ],
              },
            },
            companions: {
              invoke: {
                id: 'companions',
                src: 'companions',
                input: ({ context }) => ({ transfer: existing(context.transfer) }),
                onDone: 'writeTarget',
                onError: [
                  { guard: 'lockRegainable', target: '#regainLock', actions: 'noteFailure' },
                  { guard: 'lockLost', target: '#release', actions: 'noteFailure' },
                  { target: '#rollback', actions: 'noteFailure' },
                ],
              },
            },
            writeTarget: {
              invoke: {
                id: 'writeTarget',
                src: 'writeTarget',
                input: ({ context }) => ({ transfer: existing(context.transfer) }),
                onDone: [
                  { guard: 'targetTaken', target: '#readCurrent' },
                  { guard: 'targetHookGiven', target: 'afterTargetWrite' },
                  { target: 'writeSource' },
                ],
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
                input: ({ context }) => ({ transfer: existing(context.transfer) }),
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
                  { target: 'commit', actions: ['noteTarget', 'decideTransfer'] },
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
                  pane: context.pane ?? '',
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
                onDone: [{ guard: 'commitHookGiven', target: 'afterCommit' }, { target: '#release' }],
                onError: '#release',
              },
            },
            afterCommit: {
              invoke: {
                id: 'afterCommit',
                src: 'afterCommit',
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
  output: ({ context }) => outputOfContext(context),
});

/** The machine's type: its actors, states, context and output. */
export type ForgeSessionResumeMachine = typeof forgeSessionResumeMachine;
