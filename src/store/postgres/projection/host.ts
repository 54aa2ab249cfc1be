import type { MachineInput, Recovery } from '../../../../machines/contract.ts';
import type { PostgresCall } from '../call.ts';
import type { PostgresPool } from '../database/driver.ts';
import type { RunRow } from '../rows/run-row.ts';
import type { UnknownClaim } from './unknown-claims.ts';

/** What tells whether a run's row is the one that a host has seen. */
export interface RunHead {
  readonly epoch: string;
  readonly version: string;
  /** Whether the run says that it is active. */
  readonly active: boolean;
}

/** What a look at a host's files found, before anything is asked of the database. */
export interface HostSight {
  /** The sessions of whose rows the look must know the {@link RunHead}. */
  readonly sessions: readonly string[];
  /** Whether something is left that a call under the lock takes away. */
  readonly isLittered: boolean;
  /**
   * Whether files and rows say the same.
   *
   * @param heads - of those sessions that have a run
   * @param session - of this session alone; absent: of all
   */
  readonly isInSync: (heads: ReadonlyMap<string, RunHead>, session?: string) => boolean;
}

/** The files of one clone of the project, which mirror the runs of those sessions that were launched there. */
export interface Host {
  /** Whether the clone's state directory is there. */
  readonly isThere: () => boolean;
  /** Where the file of a session's run is; undefined where the session is of another host. */
  readonly location: (session: string) => string | undefined;
  /** What stands in a session's file that is no run, and so is never replaced; undefined where there is none. */
  readonly inTheWay: (session: string) => Promise<'present' | 'unreadable' | undefined>;
  /** Looks at the current session's file, and unless that is an active run at all of this host; writes nothing. Throws `STATE_UNSAFE` where a folder is a link. */
  readonly look: (session: string) => HostSight;
  /** Runs of this host that the database does not know as this host has seen them. */
  readonly unknownClaims: (pool: PostgresPool, project: string) => Promise<readonly UnknownClaim[]>;
  /**
   * Whether a run may be put into a session: nothing stands in its file that the database does not know.
   *
   * @param call - the call
   * @param session - its id
   * @param isHome - whether the run comes home, to where it was ended
   */
  readonly isFree: (call: PostgresCall, session: string, isHome: boolean) => boolean;
  /**
   * Brings what the runtime wrote since into the open transaction: of runs that were not handed over, whole turns, and none
   * that goes back.
   *
   * @param call - a call that holds the lock
   * @param input - the caller's ids and wishes
   * @param only - one session; absent: all of this host
   * @returns whether anything was written
   * @throws ForgeResumeError `RECOVERY_BLOCKED` where the database lost a hand-over that this host has seen, `STATE_UNSAFE`
   */
  readonly push: (call: PostgresCall, input: MachineInput, only?: string) => Promise<boolean>;
  /**
   * Writes the files of runs that went on in the database, and notes what both sides have in common.
   *
   * @param call - a call that holds the lock; what it wrote is committed
   * @param only - sessions; absent: all of this host
   * @returns copies that were ended
   * @throws ForgeResumeError `IO`, `STATE_UNSAFE`, `LOCK_LOST`
   */
  readonly project: (call: PostgresCall, only?: readonly string[]) => Promise<readonly Recovery[]>;
  /**
   * Keeps a run in this host's quarantine before it is ended, wherever it is.
   *
   * @param row - the run
   * @returns where; undefined where nothing is to be written
   * @throws Error where others hold the lock for 5 s; ForgeResumeError `IO`, `STATE_UNSAFE`, `LOCK_LOST`
   */
  readonly keep: (row: RunRow) => Promise<string | undefined>;
  /**
   * Has the files count again: the notes of what they mirrored go, under their lock.
   *
   * @throws Error where others hold the lock for 5 s; ForgeResumeError `IO`, `STATE_UNSAFE`, `LOCK_LOST`
   */
  readonly leave: () => Promise<void>;
}
