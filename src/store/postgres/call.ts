import type { MachineInput, RunHandle, TransferHandle } from '../../../machines/contract.ts';
import type { PayloadIdentity } from '../../rules/ownership.ts';
import type { Lease } from './lock/lease.ts';
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
  /**
   * The pane that the agent is in, empty where none is known: with it the look can answer for an active run. Default: the
   * lock decides there.
   */
  readonly pane?: string | undefined;
}

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
}

/** One call: its options, its lock, and what it has found. */
export interface PostgresCall {
  readonly project: string;
  readonly options: PostgresCallOptions;
  readonly lease: Lease;
  readonly memory: {
    /** The ended run that stands where a run comes home to. */
    home: RunRow | undefined;
    transfer: UnderWay | undefined;
  };
}

/** The handle of a session's run. */
export const runHandle = (call: { readonly project: string }, session: string): RunHandle => ({
  id: session,
  location: `postgres:${call.project}/${session}`,
});

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
