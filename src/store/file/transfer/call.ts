import type { Journal } from '../../../rules/journal.ts';
import type { CallOptions } from '../files/call-facts.ts';
import type { JsonContent } from '../files/json-file.ts';
import { type StatePaths, statePaths } from '../files/paths.ts';
import type { ReplaceScope } from '../files/replace.ts';
import { type Lease, makeLease } from '../lock/lease.ts';

/** What the store's actors of one call share: the contents behind the machine's handles. */
export interface Call {
  readonly paths: StatePaths;
  readonly lease: Lease;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The instant of the call, ISO 8601. */
  readonly now: string;
  readonly nowMs: number;
  readonly replaceScope: ReplaceScope;
  readonly signal: AbortSignal | undefined;
  /** Throws the abort reason once the caller wants to stop. */
  readonly checkAbort: () => void;
  readonly memory: CallMemory;
}

/** Contents that were read or planned, for the actors that come later. */
export interface CallMemory {
  /** The current session's run as read. */
  currentRun?: JsonContent;
  /** Matching prior runs as read, by session id. */
  readonly candidates: Map<string, JsonContent>;
  /** The source as it was planned with. */
  sourceRead?: JsonContent;
  journal?: Journal;
  /** Plans made for this transfer. */
  plans: number;
  /** The source stopped matching; its target must go. */
  ineligible: boolean;
  /** A journal could not be settled and is still there. */
  journalKept: boolean;
  /** The source's end is on disk but perhaps not after a power cut: the journal must stay. */
  commitHeldBack: boolean;
}

/**
 * Makes the shared memory of one call.
 *
 * @param options - what the caller said
 */
export function makeCall(options: CallOptions): Call {
  const paths = statePaths(options.stateDir);
  const lease = makeLease(paths);
  return {
    paths,
    lease,
    env: options.env,
    // Formatted where it is asked for: most calls write none, and the first one of a process takes long.
    get now() {
      return options.now.toISOString();
    },
    nowMs: options.now.getTime(),
    replaceScope: { tempFolder: paths.temp, verifyLock: lease.verify },
    signal: options.signal,
    checkAbort: () => options.signal?.throwIfAborted(),
    memory: { candidates: new Map(), plans: 0, ineligible: false, journalKept: false, commitHeldBack: false },
  };
}
