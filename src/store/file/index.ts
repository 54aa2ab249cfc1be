import type { Actors, HookName } from '../../../machines/contract.ts';
import { acquireLock } from './actors/acquire-lock.ts';
import { commit } from './actors/commit.ts';
import { companions } from './actors/companions.ts';
import { endNamed } from './actors/end-named.ts';
import { endStale } from './actors/end-stale.ts';
import { keepLock, type Timers } from './actors/keep-lock.ts';
import { look } from './actors/look.ts';
import { prepare } from './actors/prepare.ts';
import { readCurrent } from './actors/read-current.ts';
import { readNamed } from './actors/read-named.ts';
import { recover } from './actors/recover.ts';
import { release } from './actors/release.ts';
import { replan } from './actors/replan.ts';
import { retireCopies } from './actors/retire-copies.ts';
import { rollback } from './actors/rollback.ts';
import { scanCandidates } from './actors/scan-candidates.ts';
import { updateOwner } from './actors/update-owner.ts';
import { writeSource } from './actors/write-source.ts';
import { writeTarget } from './actors/write-target.ts';
import type { CallOptions } from './files/call-facts.ts';
import { hasKernelLocks } from './lock/addon.ts';
import { makeCall } from './transfer/call.ts';

export { DryFiles } from './files/dry-files.ts';
export { type LockSight, lockSentence, lookAtLock } from './lock/lock-sight.ts';
export { inSession } from './transfer/place.ts';

/** The actors that a store supplies; the pane look-up and the hooks are the caller's. */
export type StoreActors = Omit<Actors, 'findPane' | HookName>;

/** The store's part of one call. */
export interface StoreCall {
  readonly actors: StoreActors;
  /** What happened beside the decision. */
  readonly warnings: () => readonly string[];
  /** Gives back whatever is still held, however the machine ended. Never throws; may be called twice. */
  readonly close: () => void;
}

/**
 * Opens the file store for one call.
 *
 * @param options - state directory, environment, instant, signal
 * @param timers - the clock of the call; default the real one
 */
export function openFileStore(options: CallOptions, timers: Timers = globalThis): StoreCall {
  const call = makeCall(options);
  return {
    actors: {
      look: look(options),
      acquireLock: acquireLock(call),
      keepLock: keepLock(call, timers),
      recover: recover(call),
      readCurrent: readCurrent(call),
      readNamed: readNamed(call),
      endNamed: endNamed(call),
      updateOwner: updateOwner(call),
      scanCandidates: scanCandidates(call),
      retireCopies: retireCopies(call),
      endStale: endStale(call),
      prepare: prepare(call),
      companions: companions(call),
      writeTarget: writeTarget(call),
      writeSource: writeSource(call),
      replan: replan(call),
      commit: commit(call),
      rollback: rollback(call),
      release: release(call),
    },
    warnings: () => [...call.warnings],
    close: call.lease.close,
  };
}

/**
 * Loads what the store else loads when it first needs it, for a process that is about to lose its access to the files
 * of this package.
 */
export async function loadAhead(): Promise<void> {
  hasKernelLocks();
  await import('../../rules/journal-schema.ts');
}
