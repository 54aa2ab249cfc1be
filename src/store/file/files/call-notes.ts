import type { LockMode } from '../../../rules/lock-token.ts';

/**
 * What a call notes of itself, for whoever asks for it; a field is absent until there is something to note. Times are
 * those of `monotonicMs`.
 */
export interface CallNotes {
  /** When the lock was first asked for. */
  lockAskedAt?: number;
  /** When it was first held. */
  lockHeldAt?: number;
  /** What held it: the kernel's lock and the folder, or the folder alone. */
  lock?: LockMode;
  /** Active prior runs that a scan matched by their owner, whatever their phase. */
  candidates?: number;
  /** Prior runs that may be of this conversation, but cannot be read or do not parse, in words. */
  broken?: readonly string[];
}
