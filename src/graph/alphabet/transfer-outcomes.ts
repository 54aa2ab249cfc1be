import type { TransferContract } from '../../../machines/transfer-contract.ts';
import { type Alphabet, only } from './alphabet.ts';
import { transfer } from './samples.ts';

/** What can come of a transfer's steps. */
export const transferOutcomes: Pick<Alphabet, keyof TransferContract> = {
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
  rollback: {
    outputs: {
      rolledBack: only('rolledBack', { kind: 'rolledBack' }),
      wentForward: only('wentForward', { kind: 'wentForward' }),
      left: only('left', { kind: 'left' }),
    },
    errors: ['LOCK_LOST'],
  },
};
