import type { ForgeResumeError } from '../../../errors.ts';
import type { Journal } from '../../../rules/journal.ts';
import type { CallOptions } from '../files/call-facts.ts';
import type { DryFiles } from '../files/dry-files.ts';
import type { JsonContent } from '../files/json-file.ts';
import type { StatePaths } from '../files/paths.ts';
import type { FileContent } from '../files/state-file.ts';
import { dryLease } from '../lock/dry-lease.ts';
import { type Lease, makeLease } from '../lock/lease.ts';
import type { CompanionFile } from './companions.ts';

/** What the store's actors of one call share: the contents behind the machine's handles. */
export interface Call {
  readonly options: CallOptions;
  readonly paths: StatePaths;
  readonly env: CallOptions['env'];
  readonly lease: Lease;
  /** What a call that writes nothing has planned so far; absent where it writes. */
  readonly dry: DryFiles | undefined;
  /** The instant of the call, ISO 8601. */
  readonly now: string;
  readonly nowMs: number;
  /** Throws the abort reason once the caller wants to stop. */
  readonly checkAbort: () => void;
  /** What happened beside the decision, for the result. */
  readonly warnings: Set<string>;
  readonly memory: CallMemory;
}

/** A transfer under way. */
export interface TransferMemory {
  readonly journal: Journal;
  /** The source as the next write must find it. */
  source: JsonContent;
  /** The target as we last wrote it. */
  target: Buffer;
  readonly companions: readonly CompanionFile[];
  /** The source's mode. */
  readonly mode: number;
  plans: number;
  /** The source stopped matching; its target must go. */
  ineligible: boolean;
  /** What we know of the ended source, once it is. */
  ended?: EndedSource;
}

/** What is known of a source that a run was taken from. */
export interface EndedSource {
  /** What its file looks like, as trails note it. */
  readonly seen: string;
  /** Of the bytes with which we ended it; undefined where somebody else did. */
  readonly sha256?: string | undefined;
  /** What failed once the end had taken effect: the journal stays for the next call. */
  readonly problem?: unknown;
}

/** Contents that were read or planned, for the actors that come later. */
export interface CallMemory {
  /** The current session's run as read. */
  currentRun?: JsonContent | undefined;
  /** SHA-256 of the bytes with which this call ended a copy in the current session. */
  endedCopy?: string | undefined;
  /** The run that we ended in the current session and that comes back now. */
  home?: FileContent | undefined;
  /** The run that a command names, as read. */
  named?: JsonContent | undefined;
  /** Matching prior runs as read, by session id. */
  readonly candidates: Map<string, JsonContent>;
  transfer?: TransferMemory;
  /** Why a session's run may not be moved: a journal that names it could not be settled. */
  readonly blocked: Map<string, ForgeResumeError>;
  /** When the call stops waiting for what it cannot read, by the monotonic clock. */
  patientUntil?: number;
}

/**
 * Makes the shared memory of one call.
 *
 * @param options - what the caller said
 */
export function makeCall(options: CallOptions): Call {
  return {
    options,
    paths: options.paths,
    env: options.env,
    lease: options.dry === undefined ? makeLease(options.paths.stateDir) : dryLease(options.paths.stateDir),
    dry: options.dry,
    // Formatted where it is asked for: most calls write none, and the first one of a process takes long.
    get now() {
      return options.now.toISOString();
    },
    nowMs: options.now.getTime(),
    checkAbort: () => options.signal?.throwIfAborted(),
    warnings: new Set(),
    memory: { candidates: new Map(), blocked: new Map() },
  };
}

/**
 * The transfer under way.
 *
 * @param call - the call
 */
export function currentTransfer(call: Call): TransferMemory {
  const { transfer } = call.memory;
  if (transfer === undefined) throw new Error('no transfer is under way');
  return transfer;
}
