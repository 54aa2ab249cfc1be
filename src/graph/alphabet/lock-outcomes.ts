import type { ActorOutput, LookAnswer } from '../../../machines/contract.ts';
import type { LockContract } from '../../../machines/lock-contract.ts';
import { reasons } from '../../rules/protocol.ts';
import { type Alphabet, only } from './alphabet.ts';
import { current, samplePane } from './samples.ts';

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

/** What can come of the look, the pane look-up, taking the lock and giving it back. */
export const lockOutcomes: Pick<Alphabet, keyof LockContract> = {
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
  findPane: {
    outputs: { found: only('found', { kind: 'found', pane: samplePane }), none: only('none', { kind: 'none' }) },
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
  release: { outputs: { released: only('released', { kind: 'released' }) }, errors: ['UNKNOWN'] },
};
