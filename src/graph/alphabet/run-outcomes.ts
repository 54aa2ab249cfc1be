import type { ActorOutput, Candidate, Recovery, RecoveryOutcome } from '../../../machines/contract.ts';
import type { Liveness } from '../../rules/liveness.ts';
import { type Alphabet, only, type Sample } from './alphabet.ts';
import { current, ended, live, sampleIds } from './samples.ts';

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

type Named = ActorOutput<'readNamed'>;
const named = (name: string, candidate: Candidate, liveness: Liveness): Sample<Extract<Named, { kind: 'named' }>> => ({
  name,
  output: { kind: 'named', candidate, liveness },
});
const noSign: Liveness = { state: 'unknown', sign: 'no_sign' };

/** What can come of recovery, and of looking at the runs of single sessions. */
export const runOutcomes: Pick<Alphabet, 'recover' | 'readCurrent' | 'readNamed' | 'endNamed' | 'updateOwner'> = {
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
  updateOwner: {
    outputs: {
      updated: only('updated', { kind: 'updated' }),
      unchanged: only('unchanged', { kind: 'unchanged' }),
      changed: only('changed', { kind: 'changed' }),
    },
    errors: ['IO', 'STATE_UNSAFE', 'SOURCE_BUSY', 'LOCK_LOST', 'UNKNOWN'],
  },
};
