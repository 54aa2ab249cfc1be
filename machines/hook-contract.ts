import type { TransferHandle } from './contract.ts';

/** The caller's own steps; the state of one is entered only where the machine's input names it. */
export interface HookContract {
  /**
   * - Called: once the lock is held, before anything is read under it: the caller's hook, where it is given.
   * - Must: end, for the lock is held meanwhile.
   * - Must not: make a call on the same store.
   * - Answers: `done`.
   * - May throw: any error.
   */
  afterLockAcquired: { input: null; output: { readonly kind: 'done' } };
  /**
   * - Called: between the two writes: the caller's hook, where it is given.
   * - Must: end, for the lock is held meanwhile.
   * - Must not: make a call on the same store.
   * - Answers: `done`.
   * - May throw: any error; it leads to `rollback`.
   */
  afterTargetWrite: { input: { readonly transfer: TransferHandle }; output: { readonly kind: 'done' } };
  /**
   * - Called: once the transfer is settled, still under the lock: the caller's hook, where it is given.
   * - Must: end, for the lock is held meanwhile.
   * - Must not: make a call on the same store.
   * - Answers: `done`.
   * - May throw: any error; it is a warning.
   */
  afterCommit: { input: { readonly transfer: TransferHandle }; output: { readonly kind: 'done' } };
}

/** Name of a hook of the caller's. */
export type HookName = keyof HookContract;
