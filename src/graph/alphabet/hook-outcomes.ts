import type { HookContract } from '../../../machines/hook-contract.ts';
import { type Alphabet, only } from './alphabet.ts';

/** What can come of the caller's own steps. */
export const hookOutcomes: Pick<Alphabet, keyof HookContract> = {
  afterLockAcquired: { outputs: { done: only('done', { kind: 'done' }) }, errors: ['UNKNOWN'] },
  afterTargetWrite: { outputs: { done: only('done', { kind: 'done' }) }, errors: ['UNKNOWN'] },
  afterCommit: { outputs: { done: only('done', { kind: 'done' }) }, errors: ['UNKNOWN'] },
};
