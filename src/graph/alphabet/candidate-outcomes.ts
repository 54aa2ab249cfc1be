import type { ActorOutput, Candidate, Recovery, RunHandle } from '../../../machines/contract.ts';
import type { Alphabet } from './alphabet.ts';
import { ended, live, owned, run, sampleIds } from './samples.ts';

const copyEnded: readonly Recovery[] = [{ transferId: 'transfer', outcome: 'copy_ended' }];

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

/** What can come of a scan, and of what it finds beside candidates. */
export const candidateOutcomes: Pick<Alphabet, 'scanCandidates' | 'retireCopies' | 'endStale'> = {
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
};
