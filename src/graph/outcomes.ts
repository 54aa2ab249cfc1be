import type {
  ActorName,
  ActorOutput,
  Candidate,
  LookAnswer,
  Recovery,
  RecoveryOutcome,
  RunHandle,
  TransferHandle,
} from '../../machines/contract.ts';
import type { ForgeResumeErrorCode } from '../errors.ts';
import type { Liveness } from '../rules/liveness.ts';
import { reasons } from '../rules/protocol.ts';

/** Codes with which an actor can fail; `UNKNOWN` is whatever has none: a hook's error, an abort. */
export type FailureCode = ForgeResumeErrorCode | 'UNKNOWN';

/** One output that stands for all that a machine cannot tell from it, with a name to speak of it. */
export interface Sample<Output> {
  readonly name: string;
  readonly output: Output;
}

type Samples<Output> = readonly [Sample<Output>, ...Sample<Output>[]];

/** What one actor can answer, by kind of output, and with which codes it can fail. */
export interface ActorOutcomes<Name extends ActorName> {
  readonly outputs: {
    readonly [Kind in ActorOutput<Name>['kind']]: Samples<Extract<ActorOutput<Name>, { readonly kind: Kind }>>;
  };
  readonly errors: readonly FailureCode[];
}

/** What every actor can answer; an output without an entry does not compile. */
export type Alphabet = { readonly [Name in ActorName]: ActorOutcomes<Name> };

/** Session ids of which the samples speak. */
export const sampleIds = { current: 'now', source: 'old', other: 'other', stale: 'idle' } as const;

/** The pane of which the samples speak. */
export const samplePane = '%3';

const run = (id: string): RunHandle => ({ id, location: id });
const current = run(sampleIds.current);
const source = run(sampleIds.source);
const transfer: TransferHandle = { id: 'transfer', source, target: current };
const live = (id: string): Candidate => ({ run: run(id), phase: 'building' });
const owned = (id: string): Candidate => ({ ...live(id), owner: { state: 'live', sign: 'process_alive' } });
const ended = (id: string): Candidate => ({ run: run(id), phase: 'complete' });

const only = <Output>(name: string, output: Output): Samples<Output> => [{ name, output }];

/** A call finds nothing to recover, or one thing; every outcome of recovery needs its entry. */
const recoveries: Readonly<Record<RecoveryOutcome, true>> = {
  dropped: true,
  completed: true,
  restored: true,
  finished: true,
  undone: true,
  quarantined: true,
  copy_ended: true,
};
type Recovered = ActorOutput<'recover'>;
const recovered = (name: string, list: readonly Recovery[]): Sample<Recovered> => ({
  name,
  output: { kind: 'recovered', recovered: list },
});
const copyEnded: readonly Recovery[] = [{ transferId: 'transfer', outcome: 'copy_ended' }];

type Named = ActorOutput<'readNamed'>;
const named = (name: string, candidate: Candidate, liveness: Liveness): Sample<Extract<Named, { kind: 'named' }>> => ({
  name,
  output: { kind: 'named', candidate, liveness },
});
const noSign: Liveness = { state: 'unknown', sign: 'no_sign' };

type Looked = ActorOutput<'look'>;
const standing = { reason: reasons.currentPresent, current };
const answers: readonly LookAnswer[] = [
  standing,
  { reason: reasons.sessionMissing, current: null },
  { reason: reasons.currentActive, current },
  { reason: reasons.identityMissing, current },
  { reason: reasons.noCandidate, current },
];
const looked = <Kind extends Looked['kind']>(name: string, output: Extract<Looked, { kind: Kind }>) => ({
  name,
  output,
});

type Scanned = ActorOutput<'scanCandidates'>;
const scanned = (name: string, candidates: readonly Candidate[], copies: readonly RunHandle[] = []) => ({
  name,
  output: { kind: 'scanned', candidates, copies } as Scanned,
});
const stale = [run(sampleIds.stale)];
const oneBesideStale = [live(sampleIds.source), live(sampleIds.stale)];

type Retired = ActorOutput<'retireCopies'>;
const retired = (name: string, candidates: readonly Candidate[]) => ({
  name,
  output: { kind: 'retired', candidates, recovered: copyEnded } as Retired,
});

type Ended = ActorOutput<'endStale'>;
const endedAsStale = (name: string, candidates: readonly Candidate[]) => ({
  name,
  output: {
    kind: 'ended',
    candidates,
    ended: [
      {
        session: sampleIds.stale,
        location: sampleIds.stale,
        stopReason: 'stale_active_state',
        ageMs: 7_200_000,
        limitMs: 3_600_000,
        source: 'updated_at',
      },
    ],
  } as Ended,
});

/** The complete alphabet: for every actor its possible outputs and error codes. The first of each stands for the rest. */
export const outcomes: Alphabet = {
  look: {
    outputs: {
      answered: [
        looked<'answered'>('answered', { kind: 'answered', answer: standing }),
        ...answers
          .slice(1)
          .map((answer) => looked<'answered'>(`answered ${answer.reason}`, { kind: 'answered', answer })),
      ],
      doubtful: [
        looked<'doubtful'>('doubtful', { kind: 'doubtful', pane: null }),
        looked<'doubtful'>('doubtful active', { kind: 'doubtful', pane: samplePane }),
      ],
      unquiet: [
        looked<'unquiet'>('unquiet', { kind: 'unquiet', answer: standing, pane: null }),
        looked<'unquiet'>('unquiet active', {
          kind: 'unquiet',
          answer: { reason: reasons.currentActive, current },
          pane: samplePane,
        }),
        looked<'unquiet'>('unquiet without candidate', {
          kind: 'unquiet',
          answer: { reason: reasons.noCandidate, current },
          pane: null,
        }),
      ],
    },
    errors: ['UNKNOWN'],
  },
  acquireLock: {
    outputs: {
      held: only('held', { kind: 'held' }),
      busy: only('busy', { kind: 'busy' }),
      watched: only('watched', { kind: 'watched' }),
      storeMissing: only('storeMissing', { kind: 'storeMissing' }),
    },
    errors: ['IO', 'STATE_UNSAFE', 'UNKNOWN'],
  },
  afterLockAcquired: { outputs: { done: only('done', { kind: 'done' }) }, errors: ['UNKNOWN'] },
  recover: {
    outputs: {
      recovered: [
        recovered('nothing', []),
        ...(Object.keys(recoveries) as RecoveryOutcome[]).map((outcome) =>
          recovered(outcome, [{ transferId: 'transfer', outcome }]),
        ),
      ],
    },
    errors: ['IO', 'STATE_UNSAFE', 'JOURNAL_VERSION', 'RECOVERY_BLOCKED', 'LOCK_LOST', 'UNKNOWN'],
  },
  readCurrent: {
    outputs: {
      missing: only('missing', { kind: 'missing' }),
      absent: only('absent', { kind: 'absent', current }),
      present: only('present', { kind: 'present', current }),
      unreadable: only('unreadable', { kind: 'unreadable', current }),
      active: [
        { name: 'active', output: { kind: 'active', current } },
        { name: 'foreign', output: { kind: 'active', current, foreign: true } },
      ],
    },
    errors: ['STATE_UNSAFE', 'UNKNOWN'],
  },
  readNamed: {
    outputs: {
      named: [
        named('named', live(sampleIds.source), noSign),
        named('named live', live(sampleIds.source), { state: 'live', sign: 'process_alive' }),
        named('named terminal', ended(sampleIds.source), noSign),
      ],
      absent: only('absent', { kind: 'absent' }),
      unreadable: only('unreadable', { kind: 'unreadable' }),
      inactive: only('inactive', { kind: 'inactive' }),
      moved: only('moved', { kind: 'moved' }),
    },
    errors: ['UNKNOWN'],
  },
  endNamed: {
    outputs: {
      ended: only('ended', {
        kind: 'ended',
        ended: { session: sampleIds.source, location: sampleIds.source, stopReason: 'ended_by_user' },
      }),
      changed: only('changed', { kind: 'changed' }),
    },
    errors: ['IO', 'STATE_UNSAFE', 'SOURCE_BUSY', 'LOCK_LOST', 'UNKNOWN'],
  },
  findPane: {
    outputs: { found: only('found', { kind: 'found', pane: samplePane }), none: only('none', { kind: 'none' }) },
    errors: ['UNKNOWN'],
  },
  updateOwner: {
    outputs: {
      updated: only('updated', { kind: 'updated' }),
      unchanged: only('unchanged', { kind: 'unchanged' }),
      changed: only('changed', { kind: 'changed' }),
    },
    errors: ['IO', 'STATE_UNSAFE', 'SOURCE_BUSY', 'LOCK_LOST', 'UNKNOWN'],
  },
  scanCandidates: {
    outputs: {
      scanned: [
        scanned('one', [live(sampleIds.source)]),
        scanned('none', []),
        scanned('onlyTerminal', [ended(sampleIds.source)]),
        scanned('oneBesideTerminal', [live(sampleIds.source), ended(sampleIds.other)]),
        scanned('several', [live(sampleIds.source), live(sampleIds.other)]),
        scanned('copies', [live(sampleIds.source), live('copy')], [run(sampleIds.source), run('copy')]),
        { name: 'stale', output: { kind: 'scanned', candidates: oneBesideStale, copies: [], stale } },
        scanned('oneOwned', [owned(sampleIds.source)]),
      ],
    },
    errors: ['UNKNOWN'],
  },
  retireCopies: {
    outputs: {
      retired: [
        retired('one', [live(sampleIds.source)]),
        retired('none', []),
        retired('onlyTerminal', [ended(sampleIds.other)]),
        retired('several', [live(sampleIds.source), live(sampleIds.other)]),
        { name: 'stale', output: { kind: 'retired', candidates: oneBesideStale, recovered: copyEnded, stale } },
        retired('oneOwned', [owned(sampleIds.source)]),
      ],
    },
    errors: ['IO', 'STATE_UNSAFE', 'LOCK_LOST', 'UNKNOWN'],
  },
  endStale: {
    outputs: {
      ended: [
        endedAsStale('one', [live(sampleIds.source)]),
        endedAsStale('none', []),
        endedAsStale('several', [live(sampleIds.source), live(sampleIds.other)]),
        endedAsStale('oneOwned', [owned(sampleIds.source)]),
        { name: 'goneOn', output: { kind: 'ended', candidates: [live(sampleIds.source)], ended: [] } },
      ],
    },
    errors: ['IO', 'STATE_UNSAFE', 'SOURCE_BUSY', 'LOCK_LOST', 'UNKNOWN'],
  },
  prepare: {
    outputs: {
      prepared: [
        { name: 'prepared', output: { kind: 'prepared', transfer, companions: false } },
        { name: 'prepared with companions', output: { kind: 'prepared', transfer, companions: true } },
      ],
      changed: only('changed', { kind: 'changed' }),
    },
    errors: ['IO', 'STATE_UNSAFE', 'RECOVERY_BLOCKED', 'JOURNAL_VERSION', 'LOCK_LOST', 'UNKNOWN'],
  },
  companions: {
    outputs: { carried: only('carried', { kind: 'carried' }) },
    errors: ['IO', 'STATE_UNSAFE', 'LOCK_LOST', 'UNKNOWN'],
  },
  writeTarget: {
    outputs: { written: only('written', { kind: 'written' }), taken: only('taken', { kind: 'taken' }) },
    errors: ['IO', 'STATE_UNSAFE', 'LOCK_LOST', 'UNKNOWN'],
  },
  afterTargetWrite: { outputs: { done: only('done', { kind: 'done' }) }, errors: ['UNKNOWN'] },
  writeSource: {
    outputs: { written: only('written', { kind: 'written' }), changed: only('changed', { kind: 'changed' }) },
    errors: ['IO', 'SOURCE_BUSY', 'LOCK_LOST', 'UNKNOWN'],
  },
  replan: {
    outputs: {
      replanned: only('replanned', { kind: 'replanned', transfer }),
      ineligible: only('ineligible', { kind: 'ineligible' }),
    },
    errors: ['IO', 'STATE_UNSAFE', 'SOURCE_BUSY', 'LOCK_LOST', 'UNKNOWN'],
  },
  commit: {
    outputs: { committed: only('committed', { kind: 'committed' }) },
    errors: ['IO', 'STATE_UNSAFE', 'LOCK_LOST'],
  },
  afterCommit: { outputs: { done: only('done', { kind: 'done' }) }, errors: ['UNKNOWN'] },
  rollback: {
    outputs: {
      rolledBack: only('rolledBack', { kind: 'rolledBack' }),
      wentForward: only('wentForward', { kind: 'wentForward' }),
      left: only('left', { kind: 'left' }),
    },
    errors: ['LOCK_LOST'],
  },
  release: { outputs: { released: only('released', { kind: 'released' }) }, errors: ['UNKNOWN'] },
};
