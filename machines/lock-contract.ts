import type { AcquireLockOutput, LookOutput, MachineInput } from './contract.ts';

/** What comes before the lock, the lock itself, and giving it back. */
export interface LockContract {
  /**
   * - Called: first in every call, before the lock.
   * - Must: read what `readCurrent` and `scanCandidates` would read, and be in doubt where it is not sure.
   * - Must not: write anything, or wait for anybody.
   * - Answers: `answered`, with the decision, where nothing is to be written; `unquiet`, with the decision, where something
   *   that an earlier call left should be settled if the lock is free; `doubtful` where the lock decides.
   * - May throw: any error.
   */
  look: { input: MachineInput; output: LookOutput };
  /**
   * - Called: before the lock, where the look names no pane.
   * - Must: answer soon, for the agent waits.
   * - Must not: write anything.
   * - Answers: `found`, with the pane; `none` where the pane of a run is to be left alone.
   * - May throw: any error; it counts as `none`.
   */
  findPane: { input: null; output: { readonly kind: 'found'; readonly pane: string } | { readonly kind: 'none' } };
  /**
   * - Called: every 25 ms or sooner until it answers `held`, for 5 s at most; with `again` where the lock was lost, with `brief` where
   *   the look has a decision that stands without it.
   * - Must: take the lock so that no other call holds it, whichever process it is in, or say at once that it cannot.
   * - Must not: create a store where there is none; wait in a line or create anything for it where it is `brief`.
   * - Answers: `held`; `busy` where another call holds it; `watched` where that one seems to be gone and some seconds will
   *   tell; `storeMissing` where there is no store.
   * - May throw: `IO`, `STATE_UNSAFE`, any other error; where the look's decision stands, it is the result all the same.
   */
  acquireLock: {
    input: {
      /** The lock was lost and is wanted back. */
      readonly again: boolean;
      /** One try that waits in no queue and creates nothing for it: the look's answer stands where it fails. */
      readonly brief: boolean;
    };
    output: AcquireLockOutput;
  };
  /**
   * - Called: last, on every way out once the lock was held.
   * - Must: give the lock back if it is still ours.
   * - Must not: touch a lock that is somebody else's now.
   * - Answers: `released`.
   * - May throw: any error; it changes nothing.
   */
  release: { input: null; output: { readonly kind: 'released' } };
}
