import { isForgeState, isLive } from '../../../rules/forge-state.ts';
import { isLeftBehind, type Trail } from '../../../rules/trail.ts';
import type { JsonRead } from './json-file.ts';
import { sha256 } from './sha256.ts';
import { lastKeeper } from './trails.ts';

/** How trails and runs are read: by their paths before the lock, through descriptors under it. */
export interface TrailReading {
  readonly trailOf: (id: string) => Trail | undefined;
  readonly runOf: (id: string) => JsonRead | Promise<JsonRead>;
  /** SHA-256 of the bytes with which this call ended a copy in the session, also where its trail could not be written. */
  readonly endedNow?: string | undefined;
}

/**
 * Whether a session's ended run is one that we ended by a hand-over and that still goes on elsewhere, so that it may
 * come home (src/store/file/README.md#coming-home).
 *
 * @param id - the session
 * @param bytes - its run
 * @param reading - how trails and runs are read
 */
export async function isHome(id: string, bytes: Buffer, reading: TrailReading): Promise<boolean> {
  const { trailOf, runOf, endedNow } = reading;
  const trail = trailOf(id);
  if (!isLeftBehind(trail) || ![trail.sha256, endedNow].includes(sha256(bytes))) return false;
  const keeperId = lastKeeper(id, trailOf);
  const keeper = keeperId === undefined ? undefined : await runOf(keeperId);
  return keeper?.kind === 'json' && isForgeState(keeper.value) && isLive(keeper.value);
}
