import type { MachineInput, RunHandle, TransferHandle } from '../../../machines/contract.ts';
import type { PayloadIdentity } from '../../rules/ownership.ts';
import type { Lease } from './lock/lease.ts';
import type { Host } from './projection/host.ts';
import type { RunRow } from './rows/run-row.ts';

/** What a caller tells the store about one call. */
export interface PostgresCallOptions {
  /** The current session's id; empty where none is current. */
  readonly session: string;
  /**
   * Whether a run that was handed over from the current session may come back to it
   * (src/rules/README.md#rule-4-current-run-present). Default false.
   */
  readonly comeHome?: boolean | undefined;
  /** `carry`: the files beside a run go with it, from host to host (src/store/postgres/README.md#files-beside-a-run). */
  readonly companions?: 'carry' | undefined;
  /**
   * The pane that the agent is in, empty where none is known, or what finds it, told which one the run names; with it the
   * look can answer for an active run. Default: the lock decides there.
   */
  readonly pane?: string | ((named: unknown) => Promise<string>) | undefined;
}

/** SHA-256 of files beside a run, by name. */
type Hashes = Readonly<Record<string, string>>;

/** A transfer that is under way in the open transaction. */
export interface UnderWay {
  readonly handle: TransferHandle;
  /** The source as it was read. */
  readonly source: RunRow;
  /** What the source becomes. */
  readonly ended: string;
  /** What the target becomes. */
  readonly target: string;
  /** Of both, from now on. */
  readonly epoch: string;
  /** How often it was planned. */
  readonly plans: number;
  /** What a person asked for; absent for an automatic hand-over. */
  readonly command: 'adopt' | 'undo' | undefined;
  /** Whether the files beside the run are the target's by now; absent: no. */
  readonly isAccompanied?: boolean;
}

/** One call: its options, its lock, and what it has found. */
export interface PostgresCall {
  readonly project: string;
  readonly options: PostgresCallOptions;
  readonly lease: Lease;
  /** The files of this clone; undefined where runs are in the database alone. */
  readonly host: Host | undefined;
  readonly memory: {
    /** The ended run that stands where a run comes home to. */
    home: RunRow | undefined;
    transfer: UnderWay | undefined;
    /** A session of which the database lost what this host has seen, and which a person gives a run now. */
    resettled: string | undefined;
    /** By session: what of the files beside its run this call brought into the database, and no host's note says yet. */
    readonly pushed: Map<string, Hashes>;
    /** What happened beside the decision. */
    readonly warnings: Set<string>;
  };
}

/** The handle of a session's run. */
export const runHandle = ({ project, host }: Pick<PostgresCall, 'project' | 'host'>, session: string): RunHandle => ({
  id: session,
  location: host?.location(session) ?? `postgres:${project}/${session}`,
});

/**
 * Makes what was written stand, and with it the files of these sessions.
 *
 * @param call - a call that holds the lock; behind this it may have it no more
 * @param sessions - those whose runs were written
 * @throws ForgeResumeError `LOCK_LOST`, `IO`, `STATE_UNSAFE`
 */
export async function makeStand(call: PostgresCall, ...sessions: readonly string[]): Promise<void> {
  const { lease, host } = call;
  if (host === undefined) return await lease.commit();
  await lease.commitAndGoOn();
  await lease.regain();
  await host.project(call, sessions);
}

/** The payload's ids as the rules call them. */
export const identityOf = ({ payloadSessionId, payloadThreadId }: MachineInput): PayloadIdentity => ({
  sessionId: payloadSessionId,
  threadId: payloadThreadId,
});

/** The transfer under way. */
export function underWay({ memory }: PostgresCall): UnderWay {
  if (memory.transfer === undefined) throw new Error('no transfer is under way');
  return memory.transfer;
}
